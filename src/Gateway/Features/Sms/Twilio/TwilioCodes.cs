using System.Globalization;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms.Twilio;

/// <summary>What Twilio's error codes mean here (twilio.com/docs/api/errors).</summary>
internal static class TwilioCodes
{
    /// <summary>What a refused send call comes to; a code that is not listed is a refusal all the same.</summary>
    public static SmsOutcome Refusal(int code) =>
        Judge(code) is SmsOutcome.Refused refused ? refused with { ProviderCode = Text(code) } : Judge(code);

    /// <summary>Why a message that Twilio took was not delivered.</summary>
    public static SmsFailure Failure(int? code) => Judge(code) with { ProviderCode = Text(code) };

    /// <summary>An operator's to mend; until then nothing is sent.</summary>
    public static SmsOutcome NotOurAccount(int code) =>
        SmsOutcome.NotSent.All(
            Concern.Account,
            "credentials_refused",
            $"Twilio refuses the account or its credentials ({code}). Check AccountSid, AuthToken and the API key of Sms__Twilio or of the "
                + "site's connection."
        );

    private static SmsOutcome Judge(int code) =>
        code switch
        {
            20003 or 20005 or 20006 or 20008 or 20403 or 20404 => NotOurAccount(code),
            21609 => SmsOutcome.NotSent.All(
                Concern.Account,
                "receipts_unreachable",
                "Twilio does not accept the address for receipts (21609). Gateway__PublicUrl must be reachable from the internet."
            ),
            30001 or 30002 or 63038 => SmsOutcome.NotSent.All(
                Concern.Account,
                "account_blocked",
                $"The Twilio account is suspended or has reached its limit ({code}). Look at it there."
            ),
            20429 or 14107 => SmsOutcome.NotSent.All(Concern.Server, "slow_down", $"Twilio asks us to go slower ({code})."),
            21611 => new SmsOutcome.NotSent("The sender's queue at Twilio is full (21611)."),
            21211 or 21217 or 21401 or 21604 => Refused("number_invalid", "Twilio does not accept the recipient's number."),
            21408 => Refused("country_not_allowed", "The Twilio account may not send to this country.", elsewhere: true),
            21212 or 21603 or 21606 or 21607 or 21659 or 21660 or 21661 or 21701 or 21703 or 21705 or 21712 => SmsOutcome.NotSent.Sender(
                $"Twilio does not let the account send from this sender ({code})."
            ),
            21608 => Refused("rejected", "A Twilio input account sends only to numbers that were verified there.", elsewhere: true),
            21610 => Refused(SmsFailure.Suppressed, "The recipient has opted out of messages from this sender."),
            21612 => Refused("unreachable", "Twilio cannot reach this recipient from this sender.", elsewhere: true),
            21614 or 21635 => Refused("unreachable", "The recipient's number does not receive SMS."),
            21605 or 21617 => Refused("too_long", "The text is longer than Twilio takes."),
            _ => Refused("rejected", $"Twilio refuses the message ({code})."),
        };

    private static SmsFailure Judge(int? code) =>
        code switch
        {
            21610 => Failed(SmsFailure.Suppressed, "The recipient has opted out of messages from this sender."),
            30003 or 30005 => Failed("unreachable", "The recipient's telephone is switched off, out of reach or does not exist."),
            30006 or 21614 or 21635 => Failed("unreachable", "The recipient's number is a landline or its carrier cannot be reached."),
            30004 => Failed("blocked", "The recipient or their carrier blocks such messages."),
            30007 or 30450 => Failed("filtered", "The message was filtered as unwanted by Twilio or a carrier."),
            30032 or 30034 or 21606 or 21212 => Failed(
                "sender_not_allowed",
                "The sender is not registered for messages to this country."
            ),
            30001 or 30002 or 30010 => Failed("rejected", "The Twilio account could not send the message."),
            null => Failed("undelivered", "The message was not delivered; Twilio does not say why."),
            _ => Failed("undelivered", $"The message was not delivered ({code})."),
        };

    private static SmsOutcome Refused(string code, string reason, bool elsewhere = false) =>
        new SmsOutcome.Refused(code, reason, Elsewhere: elsewhere);

    private static SmsFailure Failed(string code, string reason) => new(code, reason);

    private static string? Text(int? code) => code?.ToString(CultureInfo.InvariantCulture);
}
