using System.Globalization;
using System.Text.Json;
using Gateway.Features.Sites;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Resend's webhooks, one object each, signed as Svix does: the Standard Webhooks scheme with headers of other names. Source: Resend's
/// guide "Verify webhooks requests".
/// </summary>
internal sealed class ResendEvents : JsonFormat
{
    public override bool NeedsSigningKey => true;

    public override string? SigningKeyError(string key) => SecretError(key);

    protected override bool IsSigned(MailEventCall call, JsonElement root) =>
        IsSigned(call, "svix-id", "svix-timestamp", "svix-signature");

    /// <summary>Whether the headers of these names hold a signature of the source's key, and a time that is not long ago.</summary>
    public static bool IsSigned(MailEventCall call, string idHeader, string timestampHeader, string signatureHeader) =>
        call.SigningKey is { } key
        && call.Headers[idHeader] is [{ } id]
        && call.Headers[timestampHeader] is [{ } text]
        && call.Headers[signatureHeader] is [{ } signature]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
        && Math.Abs(call.Now.ToUnixTimeSeconds() - timestamp) <= WebhookSignature.Tolerance.TotalSeconds
        && WebhookSignature.Verify([WebhookSignature.KeyOf(key)], id, timestamp, call.Body.Span, signature);

    public static string? SecretError(string key) =>
        WebhookSignature.IsSecret(key) ? null : "The signing key is a secret that begins with whsec_, as the Standard Webhooks have it.";

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        var data = one.Member("data");
        if (TypeOf(one, data) is not { } type)
        {
            yield break;
        }

        var bounce = data.Member("bounce");
        foreach (var recipient in data.Member("to").Items().DefaultIfEmpty())
        {
            var address = JsonReading.TextOf(recipient) ?? data.Text("to");
            yield return new(type, $"{one.Text("type")} {data.Text("email_id")} {address} {one.Text("created_at")}", body)
            {
                Correlation = TagIn(data) ?? data.Member("headers").Named(CorrelationHeaders.Resend),
                MimeId = data.Text("message_id") ?? data.Member("headers").Named("Message-ID"),
                Address = address,
                Detail = bounce.Text("message") ?? data.Member("failed").Text("reason"),
                At = one.IsoTime("created_at"),
            };
        }
    }

    private static MailEventType? TypeOf(JsonElement one, JsonElement? data) =>
        one.Text("type") switch
        {
            "email.delivered" => MailEventType.Delivered,
            "email.delivery_delayed" => MailEventType.Deferred,
            "email.bounced" => data.Member("bounce").Text("type") switch
            {
                "Permanent" => MailEventType.HardBounced,
                _ => MailEventType.SoftBounced,
            },
            "email.failed" or "email.suppressed" => MailEventType.Blocked,
            "email.complained" => MailEventType.Complained,
            "email.opened" => MailEventType.Opened,
            "email.clicked" => MailEventType.Clicked,
            _ => null,
        };

    /// <summary>Tags are an object in some events and a list of name and value in others.</summary>
    private static string? TagIn(JsonElement? data) =>
        data.Member("tags").Text(CorrelationHeaders.Name) ?? data.Member("tags").Named(CorrelationHeaders.Name);
}
