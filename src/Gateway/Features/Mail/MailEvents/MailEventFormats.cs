using Gateway.Infrastructure;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>A request at a source's address. The secret in the address was right.</summary>
/// <param name="SigningKey">What the provider signs with, in clear; null where the source has none.</param>
internal sealed record MailEventCall(
    MailEventSource Source,
    IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Body,
    string? SigningKey,
    DateTimeOffset Now
);

/// <summary>How one provider signs and writes its events.</summary>
internal interface IMailEventFormat
{
    /// <summary>Whether a source cannot do without what the provider signs with.</summary>
    bool NeedsSigningKey { get; }

    /// <returns>A sentence when a text is no key of this provider.</returns>
    string? SigningKeyError(string key);

    /// <summary>
    /// What the call tells. What is signed wrongly is refused; what is authentic and makes no sense is an event of type
    /// <see cref="MailEventType.Other"/>, so that the provider does not send it again and again.
    /// </summary>
    ValueTask<Result<List<ReportedEvent>>> ReadAsync(MailEventCall call, CancellationToken ct);
}

/// <summary>The names of all formats.</summary>
internal static class MailEventFormats
{
    public const string Mailjet = "mailjet";
    public const string Brevo = "brevo";
    public const string Postmark = "postmark";
    public const string AmazonSes = "ses";
    public const string SendGrid = "sendgrid";
    public const string Mailgun = "mailgun";
    public const string Resend = "resend";

    /// <summary>For whoever has no format of their own here.</summary>
    public const string Generic = "generic";

    public static readonly IReadOnlyList<string> All = [Mailjet, Brevo, Postmark, AmazonSes, SendGrid, Mailgun, Resend, Generic];

    public static readonly Refusal WrongSignature = new(
        RefusalKind.Forbidden,
        "wrong_signature",
        "The signature does not fit this body. Check that the source has the signing key that the provider shows."
    );
}
