namespace Gateway.Tests.Hosting;

/// <summary>Tests that move the clock of all run alone: elsewhere signatures and tokens would grow old in the making.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MovesTheClock
{
    public const string Name = "Moves the clock";
}
