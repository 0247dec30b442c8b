using Gateway.Infrastructure;

namespace Gateway.Features.Contacts;

/// <summary>Why somebody is not written to, whatever is asked for.</summary>
internal enum NoContactReason
{
    /// <summary>The person left; a fresh confirmation lifts it.</summary>
    Unsubscribed,

    /// <summary>Mail to the address came back.</summary>
    Bounced,

    /// <summary>The person called it spam.</summary>
    Complained,

    /// <summary>The person answered "this wasn't me" to a confirmation mail of the list.</summary>
    Cancelled,
}

internal static class SuppressionAnswers
{
    public static NoContactReason ToNoContact(this SuppressionReason reason) =>
        reason switch
        {
            SuppressionReason.Bounced => NoContactReason.Bounced,
            SuppressionReason.Complained => NoContactReason.Complained,
            SuppressionReason.Cancelled => NoContactReason.Cancelled,
            _ => NoContactReason.Unsubscribed,
        };

    /// <inheritdoc cref="ToRefusal(NoContactReason)"/>
    public static Refusal ToRefusal(this SuppressionReason reason) => reason.ToNoContact().ToRefusal();

    /// <summary>
    /// The answer to a caller whose request would reach somebody who must not be written to. Nothing was sent, and it says who can change
    /// that.
    /// </summary>
    public static Refusal ToRefusal(this NoContactReason reason) =>
        new(
            RefusalKind.Forbidden,
            "suppressed",
            reason switch
            {
                NoContactReason.Bounced =>
                    "Nothing was sent: the address is suppressed, since mail to it came back. An operator lifts that, or POST "
                        + "/v1/contacts/lift with a reason.",
                NoContactReason.Complained =>
                    "Nothing was sent: the address is suppressed, since its owner complained about mail. Only an operator lifts that.",
                NoContactReason.Cancelled =>
                    "Nothing was sent: the person answered \"this wasn't me\" to a confirmation mail of this list. They take that back "
                        + "with the link in that mail; else an operator lifts it, or POST /v1/contacts/lift with a reason.",
                _ => "The person unsubscribed or refused. Only a fresh confirmation of their own lifts that: optIn double asks for one.",
            }
        );
}
