using System.Text.Json;

namespace Gateway.Features.Hooks;

/// <summary>Writes down what happened, in the transaction of what it tells.</summary>
internal sealed class Events(TimeProvider clock)
{
    /// <param name="data">Becomes the event's <c>data</c> in camelCase.</param>
    public Event Of(string type, Guid siteId, Guid? contactId, object data)
    {
        var now = clock.GetUtcNow();
        return new Event
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Type = type,
            ContactId = contactId,
            Data = JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
            OccurredAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
    }
}

/// <summary>Names of events.</summary>
internal static class EventTypes
{
    public const string SubmissionReceived = "submission.received";
    public const string SubscriptionPending = "subscription.pending";
    public const string SubscriptionConfirmed = "subscription.confirmed";
    public const string SubscriptionUnsubscribed = "subscription.unsubscribed";
    public const string SubscriptionExpired = "subscription.expired";
    public const string SmsSent = "sms.sent";
    public const string SmsDelivered = "sms.delivered";
    public const string SmsFailed = "sms.failed";
    public const string SmsUnknown = "sms.unknown";
    public const string SmsReceived = "sms.received";
    public const string ListSynced = "list.synced";
    public const string ListSyncFailed = "list.sync_failed";
}
