namespace Gateway.Tests.Hosting;

/// <summary>What <c>tests/run --full</c> asks for: what repeats others at length is then done at its whole length.</summary>
internal static class FullRun
{
    public static readonly bool IsAsked = Environment.GetEnvironmentVariable("GATEWAY_FULL") == "1";
}
