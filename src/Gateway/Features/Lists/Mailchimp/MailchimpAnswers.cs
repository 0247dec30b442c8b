using System.Net;
using System.Text.Json;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>
/// Whom an answer of Mailchimp concerns. Its errors are problems (RFC 7807) with a <c>title</c> out of a closed set; <c>detail</c> may
/// repeat what a person wrote.
/// </summary>
internal static class MailchimpAnswers
{
    public static Verdict Judge(ProviderAnswer answer) =>
        (answer.Status, TitleOf(answer)) switch
        {
            (HttpStatusCode.BadRequest, "Invalid Resource")
                when answer.Text.Contains("merge field", StringComparison.OrdinalIgnoreCase) => new(
                Concern.Property,
                new ListOutcome.Later("Mailchimp answered 400: it does not accept a merge field.")
            ),
            (HttpStatusCode.BadRequest, "Invalid Resource") => Verdict.Refused("Mailchimp does not accept this address."),
            (HttpStatusCode.BadRequest, "Member In Compliance State" or "Forgotten Email Not Subscribed") => Verdict.Refused(
                "This person left there, and Mailchimp takes them back only from its own form."
            ),
            (HttpStatusCode.Forbidden, "User Disabled" or "Account Disabled" or "Account Deactivated") => Verdict.Account(
                "account_blocked",
                "Mailchimp has blocked this account or its key's user. Look at it there."
            ),
            (HttpStatusCode.Forbidden, "Compliance Related") => Verdict.Account(
                "account_blocked",
                "Mailchimp has suspended this account. Look at it there."
            ),
            _ => answer.Judge(MailchimpLists.Name, MailchimpLists.Settings),
        };

    /// <summary>The person unsubscribed, bounced, or was deleted there.</summary>
    public static bool IsCompliance(ProviderAnswer answer) =>
        answer.Status == HttpStatusCode.BadRequest && TitleOf(answer) is "Member In Compliance State" or "Forgotten Email Not Subscribed";

    /// <returns>An empty text when the answer is no problem.</returns>
    private static string TitleOf(ProviderAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Text);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("title", out var title)
                && title.ValueKind == JsonValueKind.String
                ? title.GetString()!
                : "";
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
