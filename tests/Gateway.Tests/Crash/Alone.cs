namespace Gateway.Tests.Crash;

/// <summary>Tests that keep the whole machine busy and run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
