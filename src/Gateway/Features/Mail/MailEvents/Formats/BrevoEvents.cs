using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Brevo's transactional webhooks: an object, or an array where the webhook is batched. Not signed. Source: Brevo's guide "Transactional
/// webhooks"; in them only <c>ts_epoch</c> is a time without a doubt about its zone.
/// </summary>
internal sealed class BrevoEvents : JsonFormat
{
    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one.Text("event")) is not { } type)
        {
            yield break;
        }

        yield return new(type, null, body)
        {
            Correlation = JsonReading.TextInJson(one.Text("X-Mailin-custom"), CorrelationHeaders.Name),
            MimeId = one.Text("message-id"),
            Address = one.Text("email"),
            Detail = one.Text("reason"),
            At = one.UnixTime("ts_epoch", "ts_event", "ts"),
        };
    }

    private static MailEventType? TypeOf(string? name) =>
        name switch
        {
            "delivered" => MailEventType.Delivered,
            "deferred" => MailEventType.Deferred,
            "hard_bounce" or "hardBounce" or "invalid_email" or "invalid" => MailEventType.HardBounced,
            "soft_bounce" or "softBounce" => MailEventType.SoftBounced,
            "blocked" or "error" => MailEventType.Blocked,
            "spam" or "complaint" => MailEventType.Complained,
            "unsubscribe" or "unsubscribed" => MailEventType.Unsubscribed,
            "opened" or "unique_opened" or "uniqueOpened" or "proxy_open" or "unique_proxy_open" => MailEventType.Opened,
            "click" => MailEventType.Clicked,
            _ => null,
        };
}
