using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Contacts;

/// <summary>A person as a page shows them. Public, like the components, because Razor makes them so.</summary>
public sealed record ContactModel(
    string Id,
    string Address,
    string? Name,
    string Language,
    DateTime CreatedAt,
    IReadOnlyList<KeyValuePair<string, string>> Properties,
    IReadOnlyList<ContactListRow> Lists,
    IReadOnlyList<ContactStep> Story
)
{
    /// <param name="site">The path of the site.</param>
    /// <param name="now">UTC.</param>
    internal static ContactModel Of(
        ContactDetails contact,
        ConsentCertificate? consents,
        IEnumerable<Message> mails,
        string site,
        DateTime now
    ) =>
        new(
            contact.Id,
            contact.Email,
            contact.Name,
            contact.Language,
            contact.CreatedAt,
            [.. contact.Properties.OrderBy(one => one.Key, StringComparer.Ordinal)],
            [.. contact.Subscriptions.Select(one => ContactListRow.Of(one, now))],
            [
                .. mails
                    .Select(mail => ContactStep.Of(mail, $"{site}/messages/{PublicId.Format(PublicId.Message, mail.Id)}"))
                    .Concat((consents?.Entries ?? []).Select(ContactStep.Of))
                    .Append(new(contact.CreatedAt, T("Became known here"), null, null))
                    .OrderByDescending(step => step.At),
            ]
        );
}

/// <summary>A list, and how the person stands there.</summary>
/// <param name="Status">As the API names it: <c>confirmed</c>.</param>
/// <param name="Remark">What is worth knowing about it, in a sentence; null when nothing is.</param>
/// <param name="Mails">While it is pending: how many confirmation emails were written.</param>
/// <param name="NextMailAt">While it is pending: when another one is possible, UTC; null where it is now, or none is.</param>
/// <param name="MayResend">Whether another one is possible now.</param>
public sealed record ContactListRow(
    string Id,
    string Name,
    string Status,
    DateTime? ConfirmedAt,
    DateOnly? LastSignOfLife,
    string? Remark,
    int Mails,
    DateTime? NextMailAt,
    bool MayResend
)
{
    internal static ContactListRow Of(ContactDetails.SubscriptionResponse one, DateTime now)
    {
        var next = one.HeldBack ? null : one.NextMailAt;
        return new(
            one.List.Id,
            one.List.Name,
            one.Status,
            one.ConfirmedAt,
            one.LastSignOfLife,
            one.HeldBack ? T("The confirmation email waits, since too many went out. It leaves by itself.")
                : one.Remark is { } remark ? TStored(remark)
                : null,
            one.Mails,
            next > now ? next : null,
            next <= now
        );
    }

    /// <summary>Whether the person can be taken off it.</summary>
    public bool IsOn => Status is "confirmed" or "pending";

    /// <summary>Of the badge.</summary>
    public string? Mark => StatusMark.Of(Status);
}

/// <summary>The badge of how somebody stands on a list.</summary>
internal static class StatusMark
{
    public static string? Of(string status) =>
        status switch
        {
            "confirmed" => "good",
            "pending" => "warn",
            _ => null,
        };
}

/// <summary>Something that happened between the site and the person.</summary>
/// <param name="Detail">More about it; null when there is no more.</param>
/// <param name="Mark">Of the badge; null for none.</param>
/// <param name="Url">Where more about it stands; null where nothing does.</param>
public sealed record ContactStep(DateTime At, string What, string? Detail, string? Mark, string? Url = null)
{
    internal static ContactStep Of(Message mail, string url)
    {
        var (what, mark) = mail.State switch
        {
            MessageState.Delivered => (T($"Email “{mail.Template}” delivered"), "good"),
            MessageState.Sent => (T($"Email “{mail.Template}” handed over"), "good"),
            MessageState.Queued => (T($"Email “{mail.Template}” waits"), null),
            MessageState.Cancelled => (T($"Email “{mail.Template}” not sent"), null),
            MessageState.Bounced => (T($"Email “{mail.Template}” came back"), "bad"),
            MessageState.Unknown => (T($"Email “{mail.Template}” perhaps handed over"), "warn"),
            _ => (T($"Email “{mail.Template}” failed"), "bad"),
        };
        return new(mail.SentAt ?? mail.CreatedAt, what, mail.Answer, mark, url);
    }

    internal static ContactStep Of(ConsentCertificateEntry entry) =>
        new(
            entry.OccurredAt,
            entry.Heading(),
            entry.Facts.GetValueOrDefault("reason") ?? entry.Facts.GetValueOrDefault("consentText"),
            entry.Kind is "confirmed" or "proven" ? "good" : null
        );
}

/// <summary>What keeps an address from being written to.</summary>
/// <param name="Sentence">For people.</param>
/// <param name="MayLift">Whether somebody here can lift it; else only the person's own confirmation does.</param>
public sealed record StandingRow(string Sentence, bool MayLift)
{
    internal static StandingRow Of(StandingRefusal refusal) =>
        (refusal.Reason, refusal.ListName) switch
        {
            (NoContactReason.Bounced, _) => new(T("Emails to this address came back."), true),
            (NoContactReason.Complained, _) => new(T("The person called an email spam."), true),
            (NoContactReason.Cancelled, { } list) => new(T($"The person answered “this wasn't me” about “{list}”."), true),
            (NoContactReason.Cancelled, _) => new(T("The person answered “this wasn't me” about everything."), true),
            (_, { } list) => new(T($"The person unsubscribed from “{list}”. Only their own confirmation lifts that."), false),
            _ => new(T("The person unsubscribed from everything. Only their own confirmation lifts that."), false),
        };
}
