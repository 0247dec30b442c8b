using System.Globalization;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms.Mailjet;

/// <summary>What Mailjet's error and status codes mean here (dev.mailjet.com/sms).</summary>
internal static class MailjetSmsCodes
{
    private const string NoFunds = "The Mailjet account has no funds left for SMS.";
    private const string LimitReached = "The Mailjet account has reached its limit of SMS for today.";

    /// <summary>Status codes of a message that Mailjet has taken, and perhaps more.</summary>
    private const int MaxThatIsNoFailure = 3;
    private const int Delivered = 3;
    private const int SenderBlocked = 10;
    private const int OutOfFunds = 15;
    private const int OverTheLimit = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>What a refused send call comes to; a code that is not listed is a refusal all the same.</summary>
    public static SmsOutcome Refusal(MailjetError error) =>
        error.ErrorCode switch
        {
            "sms-0001" => OutOf("account_limit", NoFunds),
            "sms-0003" => OutOf("sending_limit", LimitReached),
            "sms-0004" or "mj-0015" or "mj-0021" => NotOurAccount(error.ErrorCode),
            "sms-0002" => Refused(error, "country_not_allowed", "Mailjet sends no SMS to this country.", elsewhere: true),
            _ when IsAbout(error, "To") => Refused(error, "number_invalid", "Mailjet does not accept the recipient's number."),
            _ when IsAbout(error, "From") => SmsOutcome.NotSent.Sender("Mailjet does not accept the sender: 3 to 11 letters and digits."),
            "mj-0006" when IsAbout(error, "Text") => Refused(
                error,
                "too_long",
                "The text is longer than Mailjet takes.",
                elsewhere: true
            ),
            _ => Refused(error, "rejected", $"Mailjet refuses the message ({error.ErrorCode})."),
        };

    /// <summary>What the status comes to that a message had at once.</summary>
    /// <returns>Null when Mailjet has taken the message.</returns>
    public static SmsOutcome? Refusal(int status) =>
        status switch
        {
            <= MaxThatIsNoFailure => null,
            OutOfFunds => OutOf("account_limit", NoFunds),
            OverTheLimit => OutOf("sending_limit", LimitReached),
            SenderBlocked => SmsOutcome.NotSent.Sender("The sender is blocked at Mailjet (10)."),
            _ => Refused(Failure(status), elsewhere: status is 8 or 12 or 13),
        };

    public static SmsState State(int status) =>
        status switch
        {
            Delivered => SmsState.Delivered,
            < Delivered => SmsState.Sent,
            _ => SmsState.Failed,
        };

    /// <summary>Why a message that Mailjet took was not delivered.</summary>
    public static SmsFailure Failure(int status)
    {
        var (code, reason) = status switch
        {
            4 or 9 or 11 => ("blocked", "The recipient or their carrier blocks such messages."),
            5 or 7 => ("undelivered", "The carrier says that the message was not delivered."),
            6 => ("unreachable", "The recipient's telephone could not be reached in time."),
            8 => ("undelivered", "The carrier's network failed."),
            SenderBlocked => ("sender_not_allowed", "The sender is blocked at Mailjet."),
            12 => ("filtered", "Mailjet took the message for one of a flood."),
            14 => ("number_invalid", "Mailjet does not accept the recipient's number."),
            OutOfFunds => ("rejected", NoFunds),
            OverTheLimit => ("rejected", LimitReached),
            _ => ("undelivered", $"Mailjet did not deliver the message ({status})."),
        };
        return new(code, reason, status.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An operator's to mend; until then nothing is sent.</summary>
    public static SmsOutcome NotOurAccount(string code) =>
        SmsOutcome.NotSent.All(
            Concern.Account,
            "credentials_refused",
            $"Mailjet refuses the account or its token ({code}). Check Token of Sms__Mailjet or of the site's connection."
        );

    private static SmsOutcome.NotSent OutOf(string code, string reason) =>
        SmsOutcome.NotSent.All(Concern.Account, code, reason, Patience);

    private static bool IsAbout(MailjetError error, string field) => error.ErrorRelatedTo?.Contains(field) == true;

    private static SmsOutcome.Refused Refused(SmsFailure failure, bool elsewhere) =>
        new(failure.Code, failure.Reason, failure.ProviderCode, elsewhere);

    private static SmsOutcome.Refused Refused(MailjetError error, string code, string reason, bool elsewhere = false) =>
        new(code, reason, error.ErrorCode, elsewhere);
}
