using Gateway.Infrastructure;

namespace Gateway.Features.Contacts;

internal static class SuppressionAnswers
{
    /// <summary>The answer to a caller whose request would reach somebody who must not be written to.</summary>
    public static Refusal ToRefusal(this SuppressionReason reason) =>
        new(
            RefusalKind.Forbidden,
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
