using Gateway.Infrastructure.Http;
using MimeKit;

namespace Gateway.Features.Mail.Api;

/// <summary>A mail in the parts that the APIs of providers ask for. What they write and sign by themselves is not among them.</summary>
/// <param name="Headers">All that have no field of their own, such as <c>List-Unsubscribe</c>, in the order of the mail.</param>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="Id">The message's, the same at every try.</param>
internal sealed record ApiMail(
    MailboxAddress From,
    MailboxAddress To,
    MailboxAddress? ReplyTo,
    string Subject,
    string Text,
    string Html,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string MessageId,
    Guid Id
)
{
    /// <summary>Fields of their own in every API, and what a provider makes anew with its own encoding and keys.</summary>
    private static readonly HashSet<HeaderId> Elsewhere =
    [
        HeaderId.From,
        HeaderId.To,
        HeaderId.ReplyTo,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.MessageId,
        HeaderId.MimeVersion,
        HeaderId.ContentType,
        HeaderId.ContentTransferEncoding,
        HeaderId.DkimSignature,
    ];

    /// <summary>What the provider gives back with each event about the mail: <c>msg_…</c>.</summary>
    public string Reference => PublicId.Format(PublicId.Message, Id);

    public string Sender => Written(From);

    public static async Task<ApiMail> OfAsync(MimeMessage written, CancellationToken ct)
    {
        // Its parts are bytes that are ready for a mail server (WrittenParts).
        using var wire = new MemoryStream();
        await written.WriteToAsync(wire, ct);
        wire.Position = 0;
        using var mail = await MimeMessage.LoadAsync(wire, ct);
        var messageId = written.MessageId!;
        return new(
            mail.From.Mailboxes.Single(),
            mail.To.Mailboxes.Single(),
            mail.ReplyTo.Mailboxes.FirstOrDefault(),
            mail.Subject ?? "",
            mail.TextBody ?? "",
            mail.HtmlBody ?? "",
            [.. mail.Headers.Where(one => !Elsewhere.Contains(one.Id)).Select(one => KeyValuePair.Create(one.Field, one.Value.Trim()))],
            messageId,
            Guid.ParseExact(messageId.Split('@')[0], "N")
        );
    }

    /// <returns>The address as APIs take it: its domain in ASCII.</returns>
    public static string AddressOf(MailboxAddress mailbox) => mailbox.GetAddress(idnEncode: true);

    /// <returns>Name and address in one text, for APIs without fields for both.</returns>
    public static string Written(MailboxAddress mailbox) =>
        mailbox.Name is { Length: > 0 } name
            ? $"\"{name.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "'", StringComparison.Ordinal)}\" <{AddressOf(mailbox)}>"
            : AddressOf(mailbox);
}
