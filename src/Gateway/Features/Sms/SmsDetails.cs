using Gateway.Features.Operations;

namespace Gateway.Features.Sms;

/// <summary>An SMS as its owner sees it.</summary>
/// <param name="Text">As it goes out.</param>
/// <param name="EncodingNote">Why it takes more parts than a plain text would; null when it does not.</param>
/// <param name="Receipts">What the provider told about it, oldest first.</param>
internal sealed record SmsDetails(SmsView View, string Text, string? EncodingNote, IReadOnlyList<SmsDetails.Receipt> Receipts) : SmsView(View)
{
    /// <param name="Status"><c>sent</c>, <c>delivered</c> or <c>failed</c>.</param>
    /// <param name="ProviderCode">The provider's own code of an error.</param>
    internal sealed record Receipt(string Status, DateTime At, string? ProviderCode);

    public static SmsDetails Of(SmsMessage sms, string? note, IEnumerable<InboundEvent> told) =>
        new(SmsView.Of(sms), sms.Text, note, [.. told.OrderBy(one => one.ReceivedAt).Select(one => new Receipt(one.Status, one.ReceivedAt, one.Code))]);
}
