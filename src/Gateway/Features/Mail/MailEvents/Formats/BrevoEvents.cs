using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Brevo's webhooks, transactional and of marketing: an object, or an array where the webhook is batched. Not signed. Source: Brevo's
/// guides "Transactional webhooks" and "Marketing webhooks"; in them only <c>ts_epoch</c> is a time without a doubt about its zone.
/// </summary>
internal sealed class BrevoEvents : JsonFormat
{
    /// <summary>Addresses times lists that one event may be about.</summary>
    private const int MaxOfOne = 10_000;

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one.Text("event")) is not { } type)
        {
            yield break;
        }

        // What happens to a contact may name several addresses, and several lists.
        var (addresses, lists) = (AllOf(one, "email"), IsAboutLists(one, type) ? AllOf(one, "list_id") : [null]);
        if ((long)addresses.Count * lists.Count > MaxOfOne)
        {
            // Whoever writes so many at once is no provider.
            yield break;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        foreach (var address in addresses)
        {
            foreach (var list in lists)
            {
                yield return new(type, KeyOf(hash, address, list), addresses.Count * lists.Count == 1 ? body : Alone(one, address, list))
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
    private static List<string?> AllOf(JsonElement one, string name) =>
        one.Member(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? [.. list.EnumerateArray().Select(JsonReading.TextOf)]
            : [one.Text(name)];

    /// <summary>What is kept of one of several: the others' addresses are not this one's.</summary>
    private static byte[] Alone(JsonElement one, string? address, string? list) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string?>
            {
                ["event"] = one.Text("event"),
                ["email"] = address,
                ["list_id"] = list,
                ["ts_epoch"] = one.Text("ts_epoch", "ts_event", "ts"),
            }
        );

    /// <summary>As long as an event is about one person and at most one list, all of it is its key.</summary>
    private static string? KeyOf(string hash, string? address, string? list) =>
        list is null && address is null ? null : $"{hash} {address} {list}";

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
