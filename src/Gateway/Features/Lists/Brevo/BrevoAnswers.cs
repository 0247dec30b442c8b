using System.Net;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.Brevo;

/// <summary>Whom an answer of Brevo concerns. Its errors are <c>{code, message}</c> (developers.brevo.com, error codes).</summary>
internal static partial class BrevoAnswers
{
    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when IpAddress().IsMatch(answer.Text) => Verdict.Account(
                "ip_not_allowed",
                "Brevo blocks this server's IP address. Allow it at Brevo, under Security > Authorised IPs "
                    + "(app.brevo.com/security/authorised_ips)."
            ),
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError when AccountBlocked().IsMatch(answer.Text) =>
                Verdict.Account("account_blocked", "Brevo has not opened, or has blocked, this account for contacts. Look at it there."),
            HttpStatusCode.BadRequest when List().IsMatch(answer.Text) => Verdict.Account(
                "list_unknown",
                "Brevo does not know this list. " + ProviderAnswers.UnknownList,
                isList: true
            ),
            HttpStatusCode.BadRequest when Duplicate().IsMatch(answer.Text) => new(
                Concern.Property,
                new ListOutcome.Later("Brevo answered 400 (duplicate_parameter): another contact has a property that must be unique.")
            ),
            HttpStatusCode.BadRequest when Address().IsMatch(answer.Text) => Verdict.Refused("Brevo does not accept this address."),
            _ => answer.Judge(BrevoLists.Name, BrevoLists.Settings),
        };

    /// <summary>"We have detected you are using an unrecognised IP address …"</summary>
    [GeneratedRegex(@"\bIP\b|authori[sz]ed_ips", RegexOptions.IgnoreCase)]
    private static partial Regex IpAddress();

    [GeneratedRegex(
        "permission_denied|account_under_validation|not_enough_credits|account (is )?(suspended|blocked)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex AccountBlocked();

    [GeneratedRegex(@"list ids? (does|do) not exist|invalid list ?ids?|document_not_found", RegexOptions.IgnoreCase)]
    private static partial Regex List();

    /// <summary>A telephone number, WhatsApp number or external id that belongs to another contact.</summary>
    [GeneratedRegex("duplicate_parameter|already associated with another contact", RegexOptions.IgnoreCase)]
    private static partial Regex Duplicate();

    [GeneratedRegex("invalid email|email( address)? is (not valid|invalid)|email (is )?not valid", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
