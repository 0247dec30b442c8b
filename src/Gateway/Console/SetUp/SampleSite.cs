namespace Gateway.Console.SetUp;

/// <summary>A site that a first run brings along to try things out: nobody has set it up.</summary>
internal sealed record SampleSite(Guid Id);
