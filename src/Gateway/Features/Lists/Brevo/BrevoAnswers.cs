using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.Brevo;

/// <summary>
/// Whom an answer of Brevo concerns. Its errors are <c>{code, message}</c> (developers.brevo.com, error codes), and the message may repeat
/// what a person wrote. So what holds everybody is told by the code or by a whole sentence, never by words somewhere in it.
/// </summary>
internal static partial class BrevoAnswers
{
    /// <summary>What an error says.</summary>
    private readonly record struct Said(string Code, string Message);

    public static Verdict Judge(ProviderAnswer answer)
    {
        var said = Read(answer.Text);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when IpAddress().IsMatch(said.Message) => Verdict.Account(
                "ip_not_allowed",
                "Brevo blocks this server's IP address. Allow it at Brevo, under Security > Authorised IPs "
                    + "(app.brevo.com/security/authorised_ips)."
            ),
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError when IsBlocked(answer.Status, said) => Verdict.Account(
                "account_blocked",
                "Brevo has not opened, or has blocked, this account for contacts. Look at it there."
            ),
            HttpStatusCode.BadRequest when said.Code == "document_not_found" || List().IsMatch(said.Message) => Verdict.Account(
                "list_unknown",
                "Brevo does not know this list. " + ProviderAnswers.UnknownList,
                isList: true
            ),
            HttpStatusCode.BadRequest when said.Code == "duplicate_parameter" || Duplicate().IsMatch(said.Message) => new(
                Concern.Property,
                new ListOutcome.Later("Brevo answered 400 (duplicate_parameter): another contact has a property that must be unique.")
            ),
            HttpStatusCode.BadRequest when Address().IsMatch(said.Message) => Verdict.Refused("Brevo does not accept this address."),
            _ => answer.Judge(BrevoLists.Name, BrevoLists.Settings),
        };
    }

    /// <summary>Nobody of those who were to be taken off a list is on it.</summary>
    public static bool IsAlreadyGone(ProviderAnswer answer) =>
        answer.Status == HttpStatusCode.BadRequest
        && Read(answer.Text).Message.StartsWith("Contact already removed", StringComparison.OrdinalIgnoreCase);

    /// <summary>The account has no contact with the address that was asked for.</summary>
    public static bool IsUnknownContact(ProviderAnswer answer) =>
        answer.Status == HttpStatusCode.NotFound && Read(answer.Text).Code == "document_not_found";

    /// <summary>401 and 403 concern the account whatever they say, so there words may tell why.</summary>
    private static bool IsBlocked(HttpStatusCode? status, Said said) =>
        said.Code is "permission_denied" or "account_under_validation" or "not_enough_credits"
        || (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && Suspended().IsMatch(said.Message));

    /// <returns>Empty texts when the answer is no error of Brevo's.</returns>
    private static Said Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new(Text("code").ToLowerInvariant(), Text("message"))
                : new("", "");

            string Text(string name) =>
                json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException)
        {
            return new("", "");
        }
    }

    /// <summary>"We have detected you are using an unrecognised IP address …"</summary>
    [GeneratedRegex(@"\bIP\b|authori[sz]ed_ips", RegexOptions.IgnoreCase)]
    private static partial Regex IpAddress();

    [GeneratedRegex("account (is )?(suspended|blocked)", RegexOptions.IgnoreCase)]
    private static partial Regex Suspended();

    /// <summary>The whole sentence, with numbers of lists at most.</summary>
    [GeneratedRegex(@"^(list ids? (does|do) not exist|invalid list ?ids?)[\W\d]*$", RegexOptions.IgnoreCase)]
    private static partial Regex List();

    /// <summary>A telephone number, WhatsApp number or external id that belongs to another contact.</summary>
    [GeneratedRegex("already associated with another contact", RegexOptions.IgnoreCase)]
    private static partial Regex Duplicate();

    /// <summary>The beginning: what it repeats of a person stands further on.</summary>
    [GeneratedRegex(
        @"^\W*((the|this) )?(invalid email|email( address)? is (not valid|invalid)|email not valid)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Address();
}
