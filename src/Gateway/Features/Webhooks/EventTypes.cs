namespace Gateway.Features.Webhooks;

/// <summary>Names of events.</summary>
internal static class EventTypes
{
    /// <summary>Carries what somebody typed before anything is confirmed; a site must switch it on.</summary>
    public const string SubmissionReceived = "submission.received";
    public const string SubscriptionPending = "subscription.pending";
    public const string SubscriptionConfirmed = "subscription.confirmed";
    public const string SubscriptionUnsubscribed = "subscription.unsubscribed";
    public const string SubscriptionExpired = "subscription.expired";

    /// <summary>A mail server said that the address does not exist: nothing is sent there any more.</summary>
    public const string ContactBounced = "contact.bounced";

    /// <summary>Somebody called mail of the site spam, says their mail provider: nothing is sent there any more.</summary>
    public const string ContactComplained = "contact.complained";
    public const string SmsSent = "sms.sent";
    public const string SmsDelivered = "sms.delivered";
    public const string SmsFailed = "sms.failed";
    public const string SmsUnknown = "sms.unknown";
    public const string SmsReceived = "sms.received";
    public const string ListSynced = "list.synced";
    public const string ListSyncFailed = "list.sync_failed";

    /// <summary>
    /// Something is wrong at a site that its people should know, such as a connection that is held; told when it begins, stays and ends.
    /// </summary>
    public const string SiteProblem = "site.problem";

    /// <summary>So many mails of a site came back or were called spam that a limit is reached which a provider has published.</summary>
    public const string SiteThresholdReached = "site.threshold_reached";

    /// <summary>Everything there is to subscribe to.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        SubmissionReceived,
        SubscriptionPending,
        SubscriptionConfirmed,
        SubscriptionUnsubscribed,
        SubscriptionExpired,
        ContactBounced,
        ContactComplained,
        SmsSent,
        SmsDelivered,
        SmsFailed,
        SmsUnknown,
        SmsReceived,
        ListSynced,
        ListSyncFailed,
        SiteProblem,
        SiteThresholdReached,
    ];

    /// <returns>The names in a list separated by commas.</returns>
    public static IReadOnlyList<string> Split(string names) =>
        names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <returns>A sentence about names in the list that are none; null when all are.</returns>
    public static string? Error(string names) =>
        Split(names).Except(All).ToList() is { Count: > 0 } unknown
            ? $"There is no event {string.Join(", ", unknown.Select(name => $"\"{name}\""))}. There are: {string.Join(", ", All)}."
            : null;
}
