using System.Globalization;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms;

/// <summary>An SMS as events show it: everything but its text.</summary>
/// <param name="Status"><c>scheduled</c>, <c>queued</c>, <c>sending</c>, <c>sent</c>, <c>delivered</c>, <c>failed</c>, <c>unknown</c> or
/// <c>cancelled</c>.</param>
/// <param name="To">E.164.</param>
/// <param name="Encoding"><c>gsm7</c> or <c>ucs2</c>.</param>
/// <param name="Parts">Parts, each of which costs.</param>
/// <param name="Provider">Who was asked last to send it.</param>
internal record SmsResponse(
    string Id,
    string Status,
    string To,
    string? Sender,
    string Encoding,
    int Parts,
    string? Provider,
    string? Reference,
    SmsResponse.PriceResponse? Price,
    SmsResponse.ErrorResponse? Error,
    DateTime CreatedAt,
    DateTime? SendAt,
    DateTime? SentAt,
    DateTime? DeliveredAt
)
{
    /// <param name="Amount">A decimal number as text, <c>0.0075</c>.</param>
    /// <param name="Currency">ISO 4217.</param>
    internal sealed record PriceResponse(string Amount, string Currency);

    /// <param name="Code">Stable, such as <c>unreachable</c>.</param>
    /// <param name="Reason">A sentence.</param>
    internal sealed record ErrorResponse(string Code, string Reason);

    public static SmsResponse Of(SmsMessage sms) =>
        new(
            PublicId.Format(PublicId.Sms, sms.Id),
            CaseConverter.Lower(sms.State.ToString()),
            sms.Recipient,
            sms.Sender,
            CaseConverter.Lower(sms.Encoding.ToString()),
            sms.Parts,
            sms.Provider,
            sms.Reference,
            sms.Price is { } price ? new(price.ToString("0.######", CultureInfo.InvariantCulture), sms.Currency ?? "USD") : null,
            sms.FailureCode is null ? null : new(sms.FailureCode, sms.Failure ?? ""),
            sms.CreatedAt,
            sms.SendAt,
            sms.SentAt,
            sms.DeliveredAt
        );
}
