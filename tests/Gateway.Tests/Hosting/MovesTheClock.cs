namespace Gateway.Tests.Hosting;

/// <summary>
/// Tests that move the clock have a gateway of their own (<see cref="GatewayUnderTest.OfMovedClock"/>) and run one after another: beside
/// others signatures and tokens would grow old in the making.
/// </summary>
[CollectionDefinition(Name)]
public sealed class MovesTheClock
{
    public const string Name = "Moves the clock";
}
