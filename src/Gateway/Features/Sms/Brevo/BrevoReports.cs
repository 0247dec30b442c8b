using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Features.Sms.Brevo;

/// <summary>What a recipient answered.</summary>
/// <param name="OptOutType"><c>STOP</c> where Brevo itself says that they want no more messages.</param>
internal sealed record BrevoAnswered(string Text, string? OptOutType);

/// <summary>Reads what Brevo tells of messages. It writes one event in several ways: hard_bounce, hardBounce, hardBounces.</summary>
internal static class BrevoReports
{
    private const string Stop = "STOP";

    /// <param name="body">As it came.</param>
    /// <returns>Null when it says nothing of a message.</returns>
    public static SmsReport? Of(BrevoSmsEvent told, byte[] body) =>
        IdOf(told.MessageId) is { } id && told.Status is { Length: > 0 and <= 40 } status ? Of(id, status, body) : null;

    /// <summary>What the events of one message come to, however they are sorted.</summary>
    /// <returns>Null where none says anything.</returns>
    public static SmsReport? Of(IEnumerable<BrevoListedEvent> events) =>
        events
            .Where(one => one is { MessageId.Length: > 0 and <= 40, Event.Length: > 0 and <= 40 })
            .Select(one => Of(one.MessageId!, one.Event!, Encoding.UTF8.GetBytes(one.Raw)))
            .MaxBy(report => Rank(report.State));

    /// <returns>Null when nobody answered.</returns>
    public static BrevoAnswered? ReplyIn(BrevoSmsEvent told) =>
        Word(told.Status) switch
        {
            "unsubscribe" or "unsubscribed" or "unsubscription" or "blacklisted" => new(told.Reply ?? "", Stop),
            "replied" or "reply" or "replie" => new(told.Reply ?? "", null),
            _ => null,
        };

    private static SmsReport Of(string id, string status, byte[] body) =>
        Word(status) switch
        {
            // Who answers has got it.
            "delivered" or "replied" or "reply" or "replie" or "unsubscribe" or "unsubscribed" or "unsubscription" => new(
                id,
                SmsState.Delivered,
                $"{id}:delivered",
                body
            ),
            "hardbounce" => Failed(id, body, "hardbounce", "unreachable", "The recipient's number does not exist or takes no SMS."),
            "softbounce" or "bounce" => Failed(
                id,
                body,
                "softbounce",
                "undelivered",
                "The carrier says that the message was not delivered."
            ),
            "blocked" or "blacklisted" => Failed(
                id,
                body,
                "blocked",
                SmsFailure.Suppressed,
                "The recipient has opted out of messages of this account."
            ),
            "rejected" or "skip" or "skipped" => Failed(id, body, "rejected", "rejected", "Brevo did not send the message."),
            { } word => new(id, SmsState.Sent, $"{id}:{word}", body),
        };

    private static SmsReport Failed(string id, byte[] body, string word, string code, string reason) =>
        new(id, SmsState.Failed, $"{id}:{word}", body, new(code, reason, word));

    private static string Word(string? status) =>
        (status ?? "")
            .Replace("_", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal)
            .ToLowerInvariant()
            .TrimEnd('s');

    private static int Rank(SmsState state) =>
        state switch
        {
            SmsState.Delivered => 2,
            SmsState.Failed => 1,
            _ => 0,
        };

    private static string? IdOf(JsonElement id) =>
        id.ValueKind switch
        {
            JsonValueKind.Number when id.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            JsonValueKind.String when id.GetString() is { Length: > 0 and <= 40 } text && text.All(char.IsAsciiLetterOrDigit) => text,
            _ => null,
        };
}
