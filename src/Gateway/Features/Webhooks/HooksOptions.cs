using Microsoft.Extensions.Options;

namespace Gateway.Features.Webhooks;

/// <summary>How hooks are told, section <c>Hooks</c>.</summary>
internal sealed class HooksOptions
{
    public const string Section = "Hooks";

    private static readonly TimeSpan MaxTimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether hooks may lead to this machine and to private networks, also without TLS. Whoever may make hooks could then reach what only
    /// the gateway's
    /// network can. True in Development when it is not set.
    /// </summary>
    public bool? AllowPrivateTargets { get; set; }

    /// <summary>For all of one call: finding the name, connecting, sending, and the answer.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(15);

    internal sealed class Validator : IValidateOptions<HooksOptions>
    {
        public ValidateOptionsResult Validate(string? name, HooksOptions options) =>
            options.TimeLimit > TimeSpan.Zero && options.TimeLimit <= MaxTimeLimit
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Hooks__TimeLimit is a time up to a minute, such as 00:00:15.");
    }
}
