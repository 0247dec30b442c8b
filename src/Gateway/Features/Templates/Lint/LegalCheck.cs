using System.Text.RegularExpressions;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>
/// What the law and the rules of mailbox providers ask of a mail: a way out, a sender who can be found, and no advertising where it has no
/// place.
/// </summary>
internal sealed partial class LegalCheck : ILintCheck
{
    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (message.IsSms)
        {
            yield break;
        }

        if (message.IsListMail && !OffersWayOut(message))
        {
            yield return New(
                "unsubscribe-missing",
                FindingSeverity.Error,
                Places.Html,
                T(
                    "There is no unsubscribe link. Mail to a list needs one (Directive 2002/58/EC art. 13; Gmail's and Yahoo's rules for "
                        + "senders)."
                ),
                T("Add {{ links.unsubscribe }}.")
            );
        }

        if (message.IsListMail && message.Html is { Length: > 0 } && !NamesPlace(message.Document.VisibleText))
        {
            yield return New(
                "identity-missing",
                FindingSeverity.Info,
                Places.Html,
                T("No postal address was found. Many countries ask for the sender's legal name and address in mail to a list."),
                T("Add them at the end.")
            );
        }

        foreach (var finding in Advertising(message))
        {
            yield return finding;
        }
    }

    private static bool OffersWayOut(LintedMessage message) =>
        string.IsNullOrWhiteSpace(message.Html)
            ? WayOut().IsMatch(message.Text ?? "")
            : message.Document.Links.Any(link => WayOut().IsMatch(link.GetAttribute("href")!) || WayOut().IsMatch(link.TextContent));

    private static bool NamesPlace(string text) => PostCode().IsMatch(text) || LegalForm().IsMatch(text);

    private static IEnumerable<Finding> Advertising(LintedMessage message)
    {
        if (
            message.Kind is not (MessageKinds.Confirmation or MessageKinds.Email)
            || WordList.Of("promotion", message.Language) is not { } list
        )
        {
            yield break;
        }

        var isConfirmation = message.Kind == MessageKinds.Confirmation;
        var body = message.Html is { Length: > 0 }
            ? (Places.Html, message.Document.VisibleText)
            : (Places.Text, Placeholders.Fill(message.Text ?? ""));
        foreach (var (place, text) in new[] { (Places.Subject, Placeholders.Fill($"{message.Subject} {message.Preheader}")), body })
        {
            var found = list.Find(text).DistinctBy(phrase => phrase.Text).ToList();
            if (found.Any(phrase => phrase.IsStrong) || found.Count > 1)
            {
                var words = string.Join(", ", found.Select(phrase => $"“{phrase.Text}”"));
                yield return isConfirmation
                    ? New(
                        "promotion",
                        FindingSeverity.Error,
                        place,
                        T($"A confirmation mail must not advertise: {words}. It is sent before anybody has agreed to advertising."),
                        T("Keep it for the welcome mail.")
                    )
                    : New(
                        "promotion",
                        FindingSeverity.Warning,
                        place,
                        T(
                            $"A transactional mail should not advertise: {words}. With advertising in it, it needs consent like any other."
                        ),
                        T("Keep it for mail to a list.")
                    );
            }
        }
    }

    private static Finding New(string id, FindingSeverity severity, string place, string reason, string suggestion) =>
        new(id, FindingFamily.Law, severity, place, reason, suggestion);

    [GeneratedRegex(
        @"unsubscri|opt-?out|/u/|désabonn|desabonn|désinscri|desinscri|se désabonner|abmeld|abbestell|darse de baja|darme de baja|"
            + @"cancelar.*suscripci|annulla.*iscrizione|disiscri|links\.invalid/(unsubscribe|preferences)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex WayOut();

    // 75001 Paris, SW1A 1AA, 10115 Berlin, 1012 AB, CA 94105, BP 12.
    [GeneratedRegex(
        @"\b\d{5}\s+\p{Lu}\p{L}+|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}\b|\b\d{4}\s?[A-Z]{2}\b|\b\d{4} \p{Lu}\p{L}{2,}",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex PostCode();

    [GeneratedRegex(
        @"\b(SARL|SAS|SASU|S\.A\.|SIRET|SIREN|RCS|GmbH|UG|AG|HRB|Ltd|LLC|Inc\.|PLC|S\.L\.|S\.r\.l\.|B\.V\.|association loi 1901)(\b|\s|$)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex LegalForm();
}
