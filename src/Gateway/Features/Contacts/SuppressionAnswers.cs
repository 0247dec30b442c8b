using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

/// <summary>Why somebody is not written to, whatever is asked for.</summary>
internal enum Refusal
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
    public static Refusal ToRefusal(this SuppressionReason reason) =>
        reason switch
        {
            SuppressionReason.Bounced => Refusal.Bounced,
            SuppressionReason.Complained => Refusal.Complained,
            _ => Refusal.Unsubscribed,
        };

    public static ProblemHttpResult ToProblem(this SuppressionReason reason) => reason.ToRefusal().ToProblem();

    /// <summary>What a caller is told whose request would reach somebody who must not be written to. Nothing was sent.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) =>
        Problems.Of(StatusCodes.Status403Forbidden, "suppressed", refusal.Sentence());

    /// <returns>Why nothing is sent and who can change that, without personal data.</returns>
    public static string Sentence(this Refusal refusal) =>
        refusal switch
        {
            Refusal.Bounced => "Nothing was sent: the address is suppressed, since mail to it came back. An operator lifts that, or POST "
                + "/v1/contacts/lift with a reason.",
            Refusal.Complained =>
                "Nothing was sent: the address is suppressed, since its owner complained about mail. Only an operator lifts that.",
            Refusal.Cancelled =>
                "Nothing was sent: the person answered \"this wasn't me\" to a confirmation mail of this list. They take that back with "
                    + "the link in that mail; else an operator lifts it, or POST /v1/contacts/lift with a reason.",
            _ => "The person unsubscribed or refused. Only a fresh confirmation of their own lifts that: optIn double asks for one.",
        };
}
