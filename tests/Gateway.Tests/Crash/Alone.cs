using Gateway.Tests.Hosting;

namespace Gateway.Tests.Crash;

/// <summary>Tests that keep the whole machine busy, and say how quick it was: they run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Tests that start gateways under load and kill them: one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Killing
{
    public const string Name = "killing";

    /// <summary>How often one test kills: once; with <c>GATEWAY_FULL</c> 20 times, or as often as <c>GATEWAY_KILLS</c> says.</summary>
    public static readonly int Times =
        int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_KILLS"), out var kills) ? kills
        : FullRun.IsAsked ? 20
        : 1;
}
