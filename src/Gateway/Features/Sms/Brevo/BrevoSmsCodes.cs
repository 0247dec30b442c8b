using System.Net;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms.Brevo;

/// <summary>What Brevo's refusals of an SMS mean here: its <c>code</c>, and the field that its words name.</summary>
internal static class BrevoSmsCodes
{
    private const string NoCredits = "The Brevo account has no credits left for SMS.";

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>What a refused send call comes to; a code that is not listed is a refusal all the same.</summary>
    public static SmsOutcome Refusal(HttpStatusCode status, BrevoError error) =>
        (status, error.Code) switch
        {
            (HttpStatusCode.PaymentRequired, _) or (_, "not_enough_credits") => SmsOutcome.NotSent.All(
                Concern.Account,
                "account_limit",
                NoCredits,
                Patience
            ),
            (_, "unauthorized" or "permission_denied" or "account_under_validation") => NotOurAccount(error.Code),
            _ when IsAbout(error, "recipient") || IsAbout(error, "phone") => Refused(
                error,
                "number_invalid",
                "Brevo does not accept the recipient's number."
            ),
            _ when IsAbout(error, "sender") => SmsOutcome.NotSent.Sender(
                "Brevo does not accept the sender: up to 11 letters and digits, or a number of the account."
            ),
            _ when IsAbout(error, "content") => Refused(error, "too_long", "Brevo does not take a text of this length.", elsewhere: true),
            _ when IsAbout(error, "webUrl") => SmsOutcome.NotSent.All(
                Concern.Account,
                "receipts_unreachable",
                "Brevo does not accept the address for receipts. Gateway__PublicUrl must be reachable from the internet."
            ),
            _ => Refused(error, "rejected", $"Brevo refuses the message ({(int)status})."),
        };

    /// <summary>An operator's to mend; until then nothing is sent.</summary>
    public static SmsOutcome NotOurAccount(string code) =>
        SmsOutcome.NotSent.All(
            Concern.Account,
            "credentials_refused",
            $"Brevo refuses the account or its key ({code}). Check ApiKey of Sms__Brevo or of the site's connection."
        );

    /// <summary>Brevo names the field in a sentence alone.</summary>
    private static bool IsAbout(BrevoError error, string field) =>
        error.Message?.Contains(field, StringComparison.OrdinalIgnoreCase) == true;

    private static SmsOutcome.Refused Refused(BrevoError error, string code, string reason, bool elsewhere = false) =>
        new(code, reason, error.Code, elsewhere);
}
