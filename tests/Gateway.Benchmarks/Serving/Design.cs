namespace Gateway.Benchmarks.Serving;

/// <summary>A way to take submissions in, served by a process of its own.</summary>
internal sealed record Design(string Name, bool NeedsPostgres, string Path = "submissions")
{
    /// <summary>The ceiling: the whole program, but the write does nothing.</summary>
    public static readonly Design NoStorage = new("no-storage", NeedsPostgres: false);

    /// <summary>The gateway itself.</summary>
    public static readonly Design Postgres = new("postgres", NeedsPostgres: true);

    /// <inheritdoc cref="Postgres"/>
    public static readonly Design Sqlite = new("sqlite", NeedsPostgres: false);

    /// <summary>What everybody would write first: EF Core, a row and a Hangfire job for each request.</summary>
    public static readonly Design Naive = new("naive", NeedsPostgres: true, "naive");

    public static IEnumerable<Design> Measurable =>
        new[] { NoStorage, Postgres, Sqlite, Naive }.Where(design => Scratch.Server is not null || !design.NeedsPostgres);
}
