using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Http;

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
    internal static ContactModel Of(ContactDetails contact, ConsentCertificate? consents, IEnumerable<Message> mails, string site) =>
        new(
            contact.Id,
            contact.Email,
            contact.Name,
            contact.Language,
            contact.CreatedAt,
            [.. contact.Properties.OrderBy(one => one.Key, StringComparer.Ordinal)],
            [
                .. contact.Subscriptions.Select(one => new ContactListRow(
                    one.List.Id,
                    one.List.Name,
                    one.Status,
                    one.ConfirmedAt,
                    one.LastSignOfLife,
                    one.HeldBack ? "The confirmation email waits, since too many went out. It leaves by itself." : one.Remark
                )),
            ],
            [
                .. mails
                    .Select(mail => ContactStep.Of(mail, $"{site}/messages/{PublicId.Format(PublicId.Message, mail.Id)}"))
                    .Concat((consents?.Entries ?? []).Select(ContactStep.Of))
                    .Append(new(contact.CreatedAt, "Became known here", null, null))
                    .OrderByDescending(step => step.At),
            ]
        );
}

/// <summary>A list, and how the person stands there.</summary>
/// <param name="Status">As the API names it: <c>confirmed</c>.</param>
/// <param name="Remark">What is worth knowing about it, in a sentence; null when nothing is.</param>
public sealed record ContactListRow(
    string Id,
    string Name,
    string Status,
    DateTime? ConfirmedAt,
    DateOnly? LastSignOfLife,
    string? Remark
)
{
    /// <summary>Whether the person can be taken off it.</summary>
    public bool IsOn => Status is "confirmed" or "pending";

    /// <summary>Of the badge.</summary>
    public string? Mark =>
        Status switch
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
            MessageState.Delivered => ("delivered", "good"),
            MessageState.Sent => ("handed over", "good"),
            MessageState.Queued => ("waits", null),
            MessageState.Cancelled => ("not sent", null),
            MessageState.Bounced => ("came back", "bad"),
            MessageState.Unknown => ("perhaps handed over", "warn"),
            _ => ("failed", "bad"),
        };
        return new(mail.SentAt ?? mail.CreatedAt, $"Email “{mail.Template}” {what}", mail.Answer, mark, url);
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
    internal static StandingRow Of(StandingRefusal refusal)
    {
        var about = refusal.ListName is { } list ? $"“{list}”" : "everything";
        return refusal.Reason switch
        {
            NoContactReason.Bounced => new("Emails to this address came back.", true),
            NoContactReason.Complained => new("The person called an email spam.", true),
            NoContactReason.Cancelled => new($"The person answered “this wasn't me” about {about}.", true),
            _ => new($"The person unsubscribed from {about}. Only their own confirmation lifts that.", false),
        };
    }
}
