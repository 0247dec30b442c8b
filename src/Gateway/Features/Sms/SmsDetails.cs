using Gateway.Features.Sms.Receipts;

namespace Gateway.Features.Sms;

/// <summary>An SMS as its owner sees it.</summary>
internal sealed record SmsDetails : SmsResponse
{
    private SmsDetails(SmsResponse response)
        : base(response) { }

    /// <summary>As it goes out.</summary>
    public required string Text { get; init; }

    /// <summary>Why it takes more parts than a plain text would; null when it does not.</summary>
    public required string? EncodingNote { get; init; }

    /// <summary>What the provider told about it, oldest first.</summary>
    public required IReadOnlyList<Receipt> Receipts { get; init; }

    /// <param name="Status"><c>sent</c>, <c>delivered</c> or <c>failed</c>.</param>
    /// <param name="ProviderCode">The provider's own code of an error.</param>
    internal sealed record Receipt(string Status, DateTime At, string? ProviderCode);

    public static SmsDetails Of(SmsMessage sms, string? note, IEnumerable<InboundEvent> receipts) =>
        new(Of(sms))
        {
            Text = sms.Text,
            EncodingNote = note,
            Receipts = [.. receipts.OrderBy(one => one.ReceivedAt).Select(one => new Receipt(one.Status, one.ReceivedAt, one.Code))],
        };
}
