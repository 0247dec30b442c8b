using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Brevo's webhooks, transactional and of marketing: an object, or an array where the webhook is batched. Not signed. Source: Brevo's
/// guides "Transactional webhooks" and "Marketing webhooks"; in them only <c>ts_epoch</c> is a time without a doubt about its zone.
/// </summary>
internal sealed class BrevoEvents : JsonFormat
{
    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one.Text("event")) is not { } type)
        {
            yield break;
        }

        // What happens to a contact may name several addresses, and several lists.
        foreach (var address in AllOf(one, "email"))
        {
            foreach (var list in IsAboutLists(one, type) ? AllOf(one, "list_id") : [null])
            {
                yield return new(type, KeyOf(body, address, list), body)
                {
                    Correlation = JsonReading.TextInJson(one.Text("X-Mailin-custom"), CorrelationHeaders.Name),
                    MimeId = one.Text("message-id"),
                    Address = address,
                    ProviderList = list,
                    Detail = one.Text("reason"),
                    At = one.UnixTime("ts_epoch", "ts_event", "ts"),
                };
            }
        }
    }

    private static bool IsAboutLists(JsonElement one, MailEventType type) =>
        type == MailEventType.Removed || (type == MailEventType.Unsubscribed && one.Text("message-id") is null);

    /// <returns>A text, or each text of a list; null where there is none.</returns>
    private static IEnumerable<string?> AllOf(JsonElement one, string name) =>
        one.Member(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? list.EnumerateArray().Select(JsonReading.TextOf)
            : [one.Text(name)];

    /// <summary>As long as an event is about one person and at most one list, all of it is its key.</summary>
    private static string? KeyOf(byte[] body, string? address, string? list) =>
        list is null && address is null ? null : $"{Convert.ToHexStringLower(SHA256.HashData(body))} {address} {list}";

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
            "contact_deleted" or "contactDeleted" => MailEventType.Removed,
            "opened" or "unique_opened" or "uniqueOpened" or "proxy_open" or "unique_proxy_open" => MailEventType.Opened,
            "click" => MailEventType.Clicked,
            _ => null,
        };
}
