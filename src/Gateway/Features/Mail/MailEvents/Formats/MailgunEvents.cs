using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Mailgun's webhooks, one object each, signed by HMAC-SHA256 over timestamp and token within the body. Source: Mailgun's guide "Securing
/// webhooks". The signature does not cover the event, so the secret in the address counts as well.
/// </summary>
internal sealed class MailgunEvents : JsonFormat
{
    public override bool NeedsSigningKey => true;

    public override string? SigningKeyError(string key) =>
        key.Length >= 16 ? null : "The signing key of Mailgun is the \"HTTP webhook signing key\" of its account settings.";

    protected override bool IsSigned(MailEventCall call, JsonElement root)
    {
        var signature = root.Member("signature");
        Span<byte> given = stackalloc byte[32];
        return call.SigningKey is { } key
            && signature.Text("timestamp") is { } timestamp
            && signature.Text("token") is { } token
            && signature.Text("signature") is { Length: 64 } hex
            && Convert.FromHexString(hex, given, out _, out _) == System.Buffers.OperationStatus.Done
            && Secrets.Same(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + token)), given);
    }

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        // The signature beside it is another each time that the same event is told.
        var data = one.Member("event-data");
        var key = data.Text("id") ?? data?.GetRawText();
        if (TypeOf(data) is not { } type)
        {
            yield return Unread(body, key);
            yield break;
        }

        var status = data.Member("delivery-status");
        yield return new(type, key, body)
        {
            Correlation = data.Member("user-variables").Text(CorrelationHeaders.Name),
            MimeId = data.Member("message").Member("headers").Text("message-id"),
            Address = data.Text("recipient"),
            Code = status.Text("enhanced-code"),
            Detail = status.Text("message", "description"),
            At = data?.UnixTime("timestamp"),
        };
    }

    private static MailEventType? TypeOf(JsonElement? data) =>
        data.Text("event") switch
        {
            "delivered" => MailEventType.Delivered,
            "failed" when data.Text("severity") == "temporary" => MailEventType.Deferred,
            "failed" => data.Text("reason") switch
            {
                "bounce" or "suppress-bounce" => MailEventType.HardBounced,
                "suppress-complaint" => MailEventType.Complained,
                "suppress-unsubscribe" => MailEventType.Unsubscribed,
                _ => MailEventType.SoftBounced,
            },
            "rejected" => MailEventType.Blocked,
            "complained" => MailEventType.Complained,
            "unsubscribed" => MailEventType.Unsubscribed,
            "opened" => MailEventType.Opened,
            "clicked" => MailEventType.Clicked,
            _ => null,
        };
}
