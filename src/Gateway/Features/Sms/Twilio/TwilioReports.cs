using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Twilio.Rest.Api.V2010.Account;

namespace Gateway.Features.Sms.Twilio;

/// <summary>Reads what Twilio writes about messages.</summary>
internal static partial class TwilioReports
{
    /// <returns>Null when it cannot be understood.</returns>
    public static MessageResource? Read(string text)
    {
        try
        {
            return MessageResource.FromJson(text);
        }
        catch (Exception)
        {
            // The package turns most errors of its JSON reader into one of its own and lets others through. Each says: this is no message.
            return null;
        }
    }

    /// <summary>Each message of a list as Twilio wrote it. The package's reader of lists changes a text that looks like a date.</summary>
    /// <returns>Null when it is no list.</returns>
    public static IReadOnlyList<string>? Listed(string text) =>
        Member(
            text,
            "messages",
            list => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(message => message.GetRawText()).ToList() : null
        );

    /// <summary>The code of a refusal, whatever else it holds.</summary>
    public static int? Code(string text) =>
        Member<int?>(
            text,
            "code",
            code =>
                code.ValueKind switch
                {
                    JsonValueKind.Number when code.TryGetInt32(out var number) => number,
                    JsonValueKind.String
                        when int.TryParse(code.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
                    _ => null,
                }
        );

    /// <param name="text">A message as the API shows it.</param>
    /// <returns>Null when it is none.</returns>
    public static SmsReport? Of(string text)
    {
        if (
            Read(text) is not { Sid: { } sid, Status: { } status } message
            || !IsMessage(sid)
            || status.ToString() is not { Length: > 0 } word
        )
        {
            return null;
        }

        var isPrice = decimal.TryParse(message.Price, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount);
        var (price, currency) = SmsPrice.Of(isPrice ? amount : null, message.PriceUnit);
        return Of(sid, word, message.ErrorCode, Encoding.UTF8.GetBytes(text)) with { Price = price, Currency = currency };
    }

    /// <param name="status">One of Twilio's many words; each that is not final says at least that Twilio took the message.</param>
    public static SmsReport Of(string sid, string status, int? errorCode, byte[] body) =>
        status switch
        {
            "delivered" or "read" => new(sid, SmsState.Delivered, $"{sid}:{status}", body),
            "undelivered" or "failed" => new(sid, SmsState.Failed, $"{sid}:{status}", body, TwilioCodes.Failure(errorCode)),
            "canceled" => new(sid, SmsState.Failed, $"{sid}:{status}", body, new("cancelled", "The message was cancelled at Twilio.")),
            _ => new(sid, SmsState.Sent, $"{sid}:{status}", body),
        };

    public static bool IsMessage(string sid) => MessageSid().IsMatch(sid);

    /// <summary>When a message was made; the package reads Twilio's time into the machine's own zone.</summary>
    public static DateTime? CreatedAt(MessageResource message) =>
        message.DateCreated is not { } created ? null
        : created.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(created, DateTimeKind.Utc)
        : created.ToUniversalTime();

    private static T? Member<T>(string text, string name, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member) ? read(member) : default;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    [GeneratedRegex("^(SM|MM)[0-9a-fA-F]{32}$")]
    private static partial Regex MessageSid();
}
