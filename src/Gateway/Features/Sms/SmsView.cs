using System.Globalization;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms;

/// <summary>An SMS as events show it: everything but its text.</summary>
/// <param name="Status"><c>scheduled</c>, <c>queued</c>, <c>sending</c>, <c>sent</c>, <c>delivered</c>, <c>failed</c>, <c>unknown</c> or <c>cancelled</c>.</param>
/// <param name="To">E.164.</param>
/// <param name="Encoding"><c>gsm7</c> or <c>ucs2</c>.</param>
/// <param name="Segments">Parts, each of which costs.</param>
/// <param name="Provider">Who was asked last to send it.</param>
internal record SmsView(
    string Id, string Status, string To, string? Sender, string Encoding, int Segments, string? Provider, string? Reference,
    SmsView.PriceView? Price, SmsView.ErrorView? Error, DateTime CreatedAt, DateTime? SendAt, DateTime? SentAt, DateTime? DeliveredAt)
{
    /// <param name="Amount">A decimal number as text, <c>0.0075</c>.</param>
    /// <param name="Currency">ISO 4217.</param>
    internal sealed record PriceView(string Amount, string Currency);

    /// <param name="Code">Stable, such as <c>unreachable</c>.</param>
    /// <param name="Reason">A sentence.</param>
    internal sealed record ErrorView(string Code, string Reason);

    public static SmsView Of(SmsMessage sms) => new(
        PublicId.Format(PublicId.Sms, sms.Id),
        Words.Lower(sms.State.ToString()),
        sms.Recipient,
        sms.Sender,
        Words.Lower(sms.Encoding.ToString()),
        sms.Segments,
        sms.Provider,
        sms.Reference,
        sms.Price is { } price ? new(price.ToString("0.######", CultureInfo.InvariantCulture), sms.Currency ?? "USD") : null,
        sms.FailureCode is null ? null : new(sms.FailureCode, sms.Failure ?? ""),
        sms.CreatedAt,
        sms.SendAt,
        sms.SentAt,
        sms.DeliveredAt);
}
