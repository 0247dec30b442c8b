using System.Text.Json;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Mailjet's Event API: an object, or an array with what happened in the last second. Not signed. Source: Mailjet's API guide, "Event API".
/// </summary>
internal sealed class MailjetEvents : JsonFormat
{
    /// <summary>What Mailjet calls a block, and means that the address does not exist.</summary>
    private static readonly HashSet<string> Gone = new(
        ["user unknown", "mailbox inactive", "invalid domain", "no mail host", "preblocked"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> Passing = new(["greylisted", "quota exceeded"], StringComparer.OrdinalIgnoreCase);

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        if (TypeOf(one) is not { } type)
        {
            yield break;
        }

        yield return new(type, null, body)
        {
            Correlation = one.Text("CustomID") ?? JsonReading.TextInJson(one.Text("Payload"), CorrelationHeaders.Name),
            Address = one.Text("email"),
            // 0 stands for a mail that went to no list.
            ProviderList = type == MailEventType.Unsubscribed && one.Text("mj_list_id") is not "0" and var list ? list : null,
            Detail = Detail(one),
            At = one.UnixTime("time"),
        };
    }

    private static MailEventType? TypeOf(JsonElement one) =>
        one.Text("event") switch
        {
            "sent" => MailEventType.Delivered,
            "open" => MailEventType.Opened,
            "click" => MailEventType.Clicked,
            "spam" => MailEventType.Complained,
            "unsub" => MailEventType.Unsubscribed,
            "bounce" or "blocked" => Refused(one),
            _ => null,
        };

    /// <summary>What is said of spam, content or the system is about us, whatever it is called.</summary>
    private static MailEventType Refused(JsonElement one)
    {
        var error = one.Text("error") ?? "";
        return one.Text("error_related_to") is "spam" or "content" or "system" ? MailEventType.Blocked
            : one.Flag("hard_bounce") == true || Gone.Contains(error) ? MailEventType.HardBounced
            : Passing.Contains(error) && one.Text("event") == "blocked" ? MailEventType.Deferred
            : one.Text("event") == "bounce" ? MailEventType.SoftBounced
            : MailEventType.Blocked;
    }

    private static string? Detail(JsonElement one) =>
        string.Join(
            ": ",
            new[] { one.Text("error_related_to"), one.Text("error"), one.Text("comment"), one.Text("smtp_reply") }.OfType<string>()
        )
            is { Length: > 0 } words
            ? words
            : null;
}
