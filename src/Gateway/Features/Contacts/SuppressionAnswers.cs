using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

internal static class SuppressionAnswers
{
    /// <summary>What a caller is told whose request would reach somebody who must not be written to.</summary>
    public static ProblemHttpResult ToProblem(this SuppressionReason reason) =>
        Problems.Of(
            StatusCodes.Status403Forbidden,
            "suppressed",
            reason switch
            {
                SuppressionReason.Bounced => "The address is suppressed: mail to it came back. Only an operator lifts that.",
                SuppressionReason.Complained =>
                    "The address is suppressed: its owner complained about mail. Only an operator lifts that.",
                _ => "The person unsubscribed or refused. Only a fresh confirmation of their own lifts that: optIn double asks for one.",
            }
        );
}
