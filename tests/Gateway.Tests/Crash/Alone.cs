using Gateway.Tests.Hosting;

namespace Gateway.Tests.Crash;

/// <summary>Tests that keep the whole machine busy and run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";

    /// <summary>How often a crash test kills: once; with <c>GATEWAY_FULL</c> 20 times, or as often as <c>GATEWAY_KILLS</c> says.</summary>
    public static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_KILLS"), out var kills) ? kills
        : FullRun.IsAsked ? 20
        : 1;
}
