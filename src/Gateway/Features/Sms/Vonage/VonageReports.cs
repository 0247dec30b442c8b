using System.Globalization;
using System.Text.Json;

namespace Gateway.Features.Sms.Vonage;

/// <summary>Reads what Vonage tells of messages.</summary>
internal static class VonageReports
{
    /// <param name="body">The body of a status webhook.</param>
    /// <returns>Null when it is none.</returns>
    public static SmsReport? Of(byte[] body)
    {
        if (
            VonageJson.Read<VonageStatus>(body) is not { MessageUuid: { } id, Status: { Length: > 0 and <= 40 } word } status
            || !IsMessage(id)
        )
        {
            return null;
        }

        var state = word switch
        {
            "delivered" or "read" => SmsState.Delivered,
            "rejected" or "undeliverable" => SmsState.Failed,

            // Each word that is not final says at least that Vonage took the message.
            _ => SmsState.Sent,
        };
        var failure = state == SmsState.Failed ? VonageCodes.Failure(status.Error) : null;
        var (price, currency) = SmsPrice.Of(AmountOf(status.Usage), status.Usage?.Currency);
        return new(id, state, $"{id}:{word}", body, failure, price, currency);
    }

    public static bool IsMessage(string id) => Guid.TryParseExact(id, "D", out _);

    private static decimal? AmountOf(VonageStatus.Cost? usage) =>
        usage?.Price.ValueKind switch
        {
            JsonValueKind.Number when usage.Price.TryGetDecimal(out var number) => number,
            JsonValueKind.String
                when decimal.TryParse(usage.Price.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => null,
        };
}
