namespace Gateway.Features.Hooks;

/// <summary>Where hooks may lead, section <c>Hooks</c>.</summary>
internal sealed class HooksOptions
{
    public const string Section = "Hooks";

    /// <summary>
    /// Whether hooks may lead to this machine and to private networks, also without TLS. Whoever may make hooks could then reach what only the gateway's
    /// network can. True in Development when it is not set.
    /// </summary>
    public bool? AllowPrivateTargets { get; set; }
}
