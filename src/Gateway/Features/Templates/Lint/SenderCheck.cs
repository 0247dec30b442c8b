using System.Globalization;
using System.Text;
using MimeKit;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>The sender as the inbox shows it. People open what comes from somebody they know.</summary>
internal sealed class SenderCheck : ILintCheck
{
    private const int MaxShown = 30;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (
            message.IsSms
            || string.IsNullOrWhiteSpace(message.From)
            || !MailboxAddress.TryParse(Placeholders.Fill(message.From), out var from)
        )
        {
            yield break;
        }

        var name = from.Name ?? "";
        if (string.IsNullOrWhiteSpace(name))
        {
            yield return New(
                "from-name-missing",
                FindingSeverity.Warning,
                T("The sender has no name, so inboxes show only an address."),
                T("Use the name that people know: the shop's, always the same.")
            );
        }
        else if (name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol))
        {
            yield return New(
                "from-emoji",
                FindingSeverity.Error,
                T("There is an emoji or sign in the sender's name. Gmail's rules for senders forbid that."),
                T("Leave it out.")
            );
        }
        else if (name.Length > MaxShown)
        {
            yield return New(
                "from-name-long",
                FindingSeverity.Info,
                T($"The sender's name has {name.Length} characters; phones show about {MaxShown}.")
            );
        }

        if (name.Contains('@'))
        {
            yield return New(
                "from-name-address",
                FindingSeverity.Warning,
                T("The sender's name is an address. Where it differs from the real one, filters take it for phishing."),
                T("Use a name.")
            );
        }

        if (
            from
                .LocalPart.Replace("-", "", StringComparison.Ordinal)
                .Replace("_", "", StringComparison.Ordinal)
                .Replace(".", "", StringComparison.Ordinal)
            is "noreply"
                or "donotreply"
                or "nepasrepondre"
        )
        {
            yield return New(
                "from-noreply",
                FindingSeverity.Info,
                T("The address asks people not to answer. Answers are what mailbox providers trust most."),
                T("Use an address that somebody reads.")
            );
        }
    }

    private static Finding New(string id, FindingSeverity severity, string reason, string? suggestion = null) =>
        new(id, FindingFamily.Subject, severity, Places.From, reason, suggestion);
}
