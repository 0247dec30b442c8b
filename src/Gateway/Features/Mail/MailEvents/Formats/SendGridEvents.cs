using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// SendGrid's event webhook: an array. Signed by ECDSA (P-256, SHA-256) over timestamp and body, where that is switched on; then the key is
/// the public one that its settings show. Source: SendGrid's guide "Event Webhook Security Features" and npm <c>@sendgrid/eventwebhook</c>.
/// </summary>
internal sealed class SendGridEvents : JsonFormat
{
    private const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";
    private const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    public override string? SigningKeyError(string key)
    {
        using var _ = TryImport(key, out var error);
        return error;
    }

    protected override bool IsSigned(MailEventCall call, JsonElement root)
    {
        if (call.SigningKey is not { } key)
        {
            return true;
        }

        using var verifier = TryImport(key, out _);
        Span<byte> signature = stackalloc byte[128];
        return verifier is not null
            && call.Headers[SignatureHeader] is [{ } given]
            && call.Headers[TimestampHeader] is [{ } timestamp]
            && Convert.TryFromBase64String(given, signature, out var length)
            && verifier.VerifyData(
                [.. Encoding.UTF8.GetBytes(timestamp), .. call.Body.Span],
                signature[..length],
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            );
    }

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one) is not { } type)
        {
            yield break;
        }

        yield return new(type, one.Text("sg_event_id"), body)
        {
            Correlation = one.Text(CorrelationHeaders.Name),
            MimeId = one.Text("smtp-id"),
            Address = one.Text("email"),
            Code = one.Text("status"),
            Detail = one.Text("reason", "response"),
            At = one.UnixTime("timestamp"),
        };
    }

    private static MailEventType? TypeOf(JsonElement one) =>
        one.Text("event") switch
        {
            "delivered" => MailEventType.Delivered,
            "deferred" => MailEventType.Deferred,
            "bounce" => one.Text("type") == "blocked" ? MailEventType.Blocked : MailEventType.HardBounced,
            "dropped" => one.Text("reason") switch
            {
                "Bounced Address" or "Invalid" => MailEventType.HardBounced,
                "Spam Reporting Address" => MailEventType.Complained,
                "Unsubscribed Address" => MailEventType.Unsubscribed,
                _ => MailEventType.Blocked,
            },
            "spamreport" => MailEventType.Complained,
            "unsubscribe" or "group_unsubscribe" => MailEventType.Unsubscribed,
            "open" => MailEventType.Opened,
            "click" => MailEventType.Clicked,
            _ => null,
        };

    private static ECDsa? TryImport(string key, out string? error)
    {
        error = "The signing key of SendGrid is the public key that its settings of the event webhook show, one line of Base64.";
        var verifier = ECDsa.Create();
        try
        {
            verifier.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            error = null;
            return verifier;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            verifier.Dispose();
            return null;
        }
    }
}
