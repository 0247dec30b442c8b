using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>Postmark's webhooks, one object each. Not signed. Source: Postmark's developer guide, "Webhooks" and "Bounce API".</summary>
internal sealed class PostmarkEvents : JsonFormat
{
    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one) is not { } type)
        {
            yield break;
        }

        yield return new(type, null, body)
        {
            Correlation = one.Member("Metadata").Text(CorrelationHeaders.Name),
            Address = one.Text("Email", "Recipient"),
            Detail = one.Text("Details", "Description"),
            At = one.IsoTime("BouncedAt", "DeliveredAt", "ChangedAt", "ReceivedAt"),
        };
    }

    private static MailEventType? TypeOf(JsonElement one) =>
        one.Text("RecordType") switch
        {
            "Delivery" => MailEventType.Delivered,
            "Open" => MailEventType.Opened,
            "Click" => MailEventType.Clicked,
            "SpamComplaint" => MailEventType.Complained,
            "Bounce" => BounceOf(one.Text("Type")),
            "SubscriptionChange" when one.Flag("SuppressSending") == true => one.Text("SuppressionReason") switch
            {
                "HardBounce" => MailEventType.HardBounced,
                "SpamComplaint" => MailEventType.Complained,

                // What somebody at the sender's switched off says nothing of the person.
                "ManualSuppression" when one.Text("Origin") == "Recipient" => MailEventType.Unsubscribed,
                _ => null,
            },
            _ => null,
        };

    private static MailEventType? BounceOf(string? type) =>
        type switch
        {
            "HardBounce" or "BadEmailAddress" => MailEventType.HardBounced,
            "SoftBounce" or "DnsError" or "Unknown" => MailEventType.SoftBounced,
            "Transient" => MailEventType.Deferred,
            "SpamComplaint" => MailEventType.Complained,
            "Unsubscribe" => MailEventType.Unsubscribed,
            "Blocked" or "SpamNotification" or "DMARCPolicy" or "VirusNotification" or "ChallengeVerification" or "ManuallyDeactivated" =>
                MailEventType.Blocked,

            // An out-of-office answer, a change of address and the like.
            _ => null,
        };
}
