using System.Globalization;
using System.Text;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Ingest;

/// <summary>The figures as a person reads them, with the goals beside, and as a program does.</summary>
internal static class IngestReport
{
    /// <summary>The number of connections by which designs are compared.</summary>
    public const int Headline = 64;

    private static readonly (Design Design, Design To, int Connections, double AtLeast)[] Goals =
    [
        (Design.Postgres, Design.NoStorage, 32, 0.38),
        (Design.Postgres, Design.NoStorage, 64, 0.45),
        (Design.Sqlite, Design.NoStorage, 64, 0.33),
        (Design.Sqlite, Design.Postgres, 64, 0.85),
        (Design.Postgres, Design.Naive, 32, 18),
        (Design.Postgres, Design.Naive, 64, 25),
    ];

    /// <summary>What of the goals was measured.</summary>
    public static IEnumerable<Figure> Figures(IngestResults results) =>
        from goal in Goals
        let ratio = results.Ratio(goal.Design, goal.To, goal.Connections)
        where ratio is not null
        select new Figure(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Submissions taken in, {goal.Design.Name} ÷ {goal.To.Name}, {goal.Connections} connections"
            ),
            ratio.Value,
            Goal.AtLeast(goal.AtLeast),
            goal.AtLeast < 1 ? "F2" : "F1"
        );

    public static object Json(IngestResults results) =>
        new
        {
            noStorage = Rounded(results.PerSecond(Design.NoStorage, Headline), 0),
            postgres = Rounded(results.PerSecond(Design.Postgres, Headline), 0),
            sqlite = Rounded(results.PerSecond(Design.Sqlite, Headline), 0),
            naive = Rounded(results.PerSecond(Design.Naive, Headline), 0),
            ratios = new
            {
                postgres = Rounded(results.Ratio(Design.Postgres, Design.NoStorage, Headline), 3),
                sqlite = Rounded(results.Ratio(Design.Sqlite, Design.NoStorage, Headline), 3),
                overNaive = Rounded(results.Ratio(Design.Postgres, Design.Naive, Headline), 1),
            },
        };

    public static string Table(IngestResults results, IngestOptions options, IReadOnlyList<int> levels)
    {
        var designs = Design.Measurable.ToList();
        var text = new StringBuilder();
        text.AppendLine(
                CultureInfo.InvariantCulture,
                $"Submissions taken in a second (p50 / p99 in ms), median of {options.Rounds} alternating rounds"
            )
            .AppendLine()
            .AppendLine("| Connections | " + string.Join(" | ", designs.Select(design => design.Name)) + " |")
            .AppendLine("| --- |" + string.Concat(designs.Select(_ => " --- |")));
        foreach (var level in levels)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {level} | {string.Join(" | ", designs.Select(design => Cell(results, design, level)))} |"
            );
        }

        text.AppendLine().AppendLine("| Ratio | Measured | Goal | |").AppendLine("| --- | --- | --- | --- |");
        foreach (var figure in Figures(results))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {figure.What} | {figure.Shown} | {figure.Goal} | {figure.Verdict} |");
        }

        return (
            Scratch.Server is null
                ? text.AppendLine().Append("Without PostgreSQL: set GATEWAY_BENCH_POSTGRES to a connection string to measure it.")
                : text
        )
            .ToString()
            .TrimEnd();
    }

    private static string Cell(IngestResults results, Design design, int connections) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{results.PerSecond(design, connections):N0} ({results.P50(design, connections):F1} / {results.P99(design, connections):F1})"
        );

    private static double? Rounded(double? figure, int digits) => figure is { } known ? Math.Round(known, digits) : null;
}
