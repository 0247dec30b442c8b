using System.Text.Json;
using Gateway.Infrastructure;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Amazon SES by way of SNS: an envelope that SNS signs, with the event as text in <c>Message</c>. Only the source's own topic may speak,
/// since a valid signature says no more than that some topic of somebody's sent it. Source: Amazon's guides "Event data that Amazon SES
/// publishes to Amazon SNS" and "Amazon SNS message verification".
/// </summary>
internal sealed class SesEvents(SnsMessages sns) : JsonFormat
{
    public override async ValueTask<Result<List<ReportedEvent>>> ReadAsync(MailEventCall call, CancellationToken ct)
    {
        if (!TryParse(call.Body, out var document))
        {
            return MailEventFormats.WrongSignature;
        }

        using (document)
        {
            var envelope = document.RootElement;
            if (await sns.CheckAsync(envelope, call.Source.Topic, ct) is { } why)
            {
                return why;
            }

            if (envelope.Text("Type") != SnsMessages.Notification)
            {
                return new List<ReportedEvent>();
            }

            var body = System.Text.Encoding.UTF8.GetBytes(envelope.Text("Message") ?? "");
            if (!TryParse(body, out var message))
            {
                // Such as the words with which SES tries a topic out.
                return new List<ReportedEvent> { Unread(call.Body.ToArray()) };
            }

            using (message)
            {
                return ReadAll(message.RootElement);
            }
        }
    }

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        var mail = one.Member("mail");
        var at = one.Member("bounce") ?? one.Member("complaint") ?? one.Member("delivery") ?? one.Member("deliveryDelay") ?? mail;
        foreach (var (type, recipient, detail, code) in RecipientsOf(one, mail))
        {
            var kind = one.Text("eventType", "notificationType");
            yield return new(type, $"{kind} {mail.Text("messageId")} {recipient} {FeedbackId(one)}", body)
            {
                Correlation = mail.Member("tags").Member(CorrelationHeaders.Name).Items().Select(JsonReading.TextOf).FirstOrDefault(),
                MimeId = mail.Member("headers").Named("Message-ID") ?? mail.Member("commonHeaders").Text("messageId"),
                Address = recipient,
                Code = code,
                Detail = detail,
                At = at?.IsoTime("timestamp"),
            };
        }
    }

    /// <summary>An event of each recipient.</summary>
    private static IEnumerable<(MailEventType Type, string? Recipient, string? Detail, string? Code)> RecipientsOf(
        JsonElement one,
        JsonElement? mail
    )
    {
        switch (one.Text("eventType", "notificationType"))
        {
            case "Bounce":
                var bounce = one.Member("bounce");
                var bounced = bounce.Text("bounceType") == "Permanent" ? MailEventType.HardBounced : MailEventType.SoftBounced;
                return bounce
                    .Member("bouncedRecipients")
                    .Items()
                    .Select(to =>
                        (bounced, to.Text("emailAddress"), to.Text("diagnosticCode") ?? bounce.Text("bounceSubType"), to.Text("status"))
                    );
            case "Complaint" when one.Member("complaint").Text("complaintFeedbackType") != "not-spam":
                return one.Member("complaint")
                    .Member("complainedRecipients")
                    .Items()
                    .Select(to =>
                        (
                            MailEventType.Complained,
                            to.Text("emailAddress"),
                            one.Member("complaint").Text("complaintFeedbackType"),
                            (string?)null
                        )
                    );
            case "Delivery":
                var delivery = one.Member("delivery");
                return delivery
                    .Member("recipients")
                    .Items()
                    .Select(to => (MailEventType.Delivered, JsonReading.TextOf(to), delivery.Text("smtpResponse"), (string?)null));
            case "DeliveryDelay":
                return one.Member("deliveryDelay")
                    .Member("delayedRecipients")
                    .Items()
                    .Select(to => (MailEventType.Deferred, to.Text("emailAddress"), to.Text("diagnosticCode"), to.Text("status")));
            case "Reject":
                return OfAll(MailEventType.Blocked, one.Member("reject").Text("reason"), mail);
            case "Open":
                return OfAll(MailEventType.Opened, null, mail);
            case "Click":
                return OfAll(MailEventType.Clicked, null, mail);
            default:
                return [];
        }
    }

    private static IEnumerable<(MailEventType, string?, string?, string?)> OfAll(MailEventType type, string? detail, JsonElement? mail) =>
        mail.Member("destination").Items().Select(to => (type, JsonReading.TextOf(to), detail, (string?)null));

    private static string? FeedbackId(JsonElement one) =>
        one.Member("bounce").Text("feedbackId")
        ?? one.Member("complaint").Text("feedbackId")
        ?? one.Member("deliveryDelay").Text("timestamp");
}
