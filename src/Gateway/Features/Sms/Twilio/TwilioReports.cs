using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Gateway.Features.Sms.Twilio;

/// <summary>Reads what Twilio writes about messages.</summary>
internal static partial class TwilioReports
{
    private static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // Some numbers come as text.
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <returns>Null when it cannot be understood.</returns>
    public static T? Read<T>(string text)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Wire);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="text">A message as the API shows it.</param>
    /// <returns>Null when it is none.</returns>
    public static SmsReport? Of(string text)
    {
        if (Read<TwilioMessage>(text) is not { Sid: { } sid, Status: { } status } message || !IsMessage(sid))
        {
            return null;
        }

        var (price, currency) = SmsPrice.Of(message.Price, message.PriceUnit);
        return Of(sid, status, message.ErrorCode, Encoding.UTF8.GetBytes(text)) with { Price = price, Currency = currency };
    }

    /// <param name="status">One of Twilio's many words; each that is not final says at least that Twilio took the message.</param>
    public static SmsReport Of(string sid, string status, int? errorCode, byte[] body) => status switch
    {
        "delivered" or "read" => new(sid, SmsState.Delivered, $"{sid}:{status}", body),
        "undelivered" or "failed" => new(sid, SmsState.Failed, $"{sid}:{status}", body, TwilioCodes.Failure(errorCode)),
        "canceled" => new(sid, SmsState.Failed, $"{sid}:{status}", body, new("cancelled", "The message was cancelled at Twilio.")),
        _ => new(sid, SmsState.Sent, $"{sid}:{status}", body),
    };

    public static bool IsMessage(string sid) => MessageSid().IsMatch(sid);

    [GeneratedRegex("^(SM|MM)[0-9a-fA-F]{32}$")]
    private static partial Regex MessageSid();
}
