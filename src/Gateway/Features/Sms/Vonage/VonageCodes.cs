using System.Globalization;
using System.Net;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms.Vonage;

/// <summary>What Vonage's refusals mean here (developer.vonage.com/api-errors/messages).</summary>
internal static class VonageCodes
{
    private const string NoFunds = "The Vonage account has no balance left for SMS.";

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>What a refused send call comes to; a code that is not listed is a refusal all the same.</summary>
    public static SmsOutcome Refusal(HttpStatusCode status, VonageProblem problem) =>
        status == HttpStatusCode.PaymentRequired
            ? SmsOutcome.NotSent.All(Concern.Account, "account_limit", NoFunds, Patience)
            : Code(problem) switch
            {
                1000 => SmsOutcome.NotSent.All(Concern.Server, "slow_down", "Vonage asks us to go slower (1000)."),
                1060 or 1080 or 1110 or 1140 => NotOurAccount($"{Code(problem)}"),
                1070 => SmsOutcome.NotSent.All(Concern.Account, "account_limit", NoFunds, Patience),
                1120 => SmsOutcome.NotSent.Sender("Vonage does not let the account send from this sender (1120)."),
                1160 => Refused(
                    problem,
                    "rejected",
                    "A Vonage trial account sends only to numbers that are listed there.",
                    elsewhere: true
                ),
                1170 => Refused(problem, "number_invalid", "Vonage does not accept the recipient's number."),
                1240 => Refused(problem, SmsFailure.Suppressed, "The recipient has opted out of messages from this sender."),
                1250 => Refused(problem, "unreachable", "Vonage has no way to this recipient.", elsewhere: true),
                _ when IsAbout(problem, "to") => Refused(problem, "number_invalid", "Vonage does not accept the recipient's number."),
                _ when IsAbout(problem, "from") => SmsOutcome.NotSent.Sender("Vonage does not accept the sender."),
                _ when IsAbout(problem, "text") => Refused(
                    problem,
                    "too_long",
                    "Vonage does not take a text of this kind or length.",
                    true
                ),
                _ when IsAbout(problem, "webhook_url") => SmsOutcome.NotSent.All(
                    Concern.Account,
                    "receipts_unreachable",
                    "Vonage does not accept the address for receipts. Gateway__PublicUrl must be reachable from the internet."
                ),
                _ => Refused(problem, "rejected", $"Vonage refuses the message ({(int)status})."),
            };

    /// <summary>Why a message that Vonage took was not delivered.</summary>
    public static SmsFailure Failure(VonageProblem? problem)
    {
        var (code, reason) = (problem is null ? null : Code(problem)) switch
        {
            1240 => (SmsFailure.Suppressed, "The recipient has opted out of messages from this sender."),
            1180 or 1190 or 1220 or 1260 => ("unreachable", "The recipient's telephone is switched off, out of reach or does not exist."),
            1040 or 1170 => ("number_invalid", "Vonage does not accept the recipient's number."),
            1050 or 1270 or 1280 or 1290 => ("blocked", "The recipient or their carrier blocks such messages."),
            1210 => ("filtered", "The message was filtered as unwanted by Vonage or a carrier."),
            1120 => ("sender_not_allowed", "The sender is not registered for messages to this country."),
            1360 => ("unreachable", "The recipient's telephone could not be reached in time."),
            1060 or 1070 or 1140 => ("rejected", "The Vonage account could not send the message."),
            null => ("undelivered", "The message was not delivered; Vonage does not say why."),
            { } other => ("undelivered", $"The message was not delivered ({other})."),
        };
        return new(code, reason, problem is null ? null : Code(problem)?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An operator's to mend; until then nothing is sent.</summary>
    public static SmsOutcome NotOurAccount(string code) =>
        SmsOutcome.NotSent.All(
            Concern.Account,
            "credentials_refused",
            $"Vonage refuses the application or its key ({code}). Check ApplicationId and PrivateKey of Sms__Vonage or of the site's "
                + "connection."
        );

    /// <summary>The code stands behind the # of the type, or in older answers in the title.</summary>
    private static int? Code(VonageProblem problem)
    {
        var fragment = problem.Type?[(problem.Type.LastIndexOf('#') + 1)..];
        return Number(fragment) ?? Number(problem.Title);
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsAbout(VonageProblem problem, string field) => problem.InvalidParameters?.Any(one => one?.Name == field) == true;

    private static SmsOutcome.Refused Refused(VonageProblem problem, string code, string reason, bool elsewhere = false) =>
        new(code, reason, Code(problem)?.ToString(CultureInfo.InvariantCulture), elsewhere);
}
