using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms;

/// <summary>Which connections a message goes over: the site's account at the provider, and the sender there.</summary>
internal static class SmsConnections
{
    public const string Queue = "sms";

    /// <summary>Each site finds out by itself, since it may have an account of its own.</summary>
    public static string Account(Guid siteId, SmsCarrier carrier) =>
        $"{Queue}/{carrier.ConnectionId?.ToString("N") ?? carrier.Provider.Name}/{siteId:N}";

    public static string Sender(Guid siteId, SmsCarrier carrier, string? sender) =>
        $"{Account(siteId, carrier)}/sender/{sender ?? carrier.Account.Senders[0]}";

    /// <summary>The accounts that a message of the site to this number needs; numbers differ by their route.</summary>
    public static string Settings(SmsMessage row) => $"{Queue}/settings/{row.SiteId:N}/{row.Recipient.AsSpan(1, 2)}";

    /// <summary>What is held after an outcome that holds up others.</summary>
    public static HeldConnection Of(SmsMessage row, SmsCarrier carrier, SmsOutcome.NotSent notSent) =>
        new(Queue, notSent.IsSender ? Sender(row.SiteId, carrier, row.Sender) : Account(row.SiteId, carrier), row.SiteId, notSent.Error!);
}
