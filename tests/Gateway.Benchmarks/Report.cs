using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Benchmarks;

/// <summary>What a run found: told as it is found, as sentences or as JSON, and kept for the table of all figures.</summary>
internal sealed class Report(bool json)
{
    private readonly List<Figure> _figures = [];

    public bool IsJson => json;

    /// <param name="sentences">For people.</param>
    /// <param name="data">The same as one line of JSON.</param>
    /// <param name="figures">What of it has a goal.</param>
    public void Tell(string sentences, object data, params IEnumerable<Figure> figures)
    {
        _figures.AddRange(figures);
        System.Console.WriteLine(json ? JsonSerializer.Serialize(data, JsonSerializerOptions.Web) : sentences);
    }

    /// <summary>All figures with a goal, in Markdown.</summary>
    public string Table()
    {
        var machine = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}"
        );
        var text = new StringBuilder($"| What ({machine}) | Measured | Goal | |\n| --- | --- | --- | --- |\n");
        foreach (var figure in _figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {figure.What} | {figure.Shown} | {figure.Goal} | {figure.Verdict} |\n");
        }

        return text.ToString();
    }
}

/// <param name="What">Such as <c>Mail ÷ MailKit alone, postgres</c>.</param>
/// <param name="Format">How the value is written, such as <c>F2</c>.</param>
internal sealed record Figure(string What, double Value, Goal Goal, string Format)
{
    public string Shown => Value.ToString(Format, CultureInfo.InvariantCulture);

    public string Verdict => Goal.IsReachedBy(Value) ? "reached" : "missed";

    /// <summary>Such as <c>goal ≥ 0.45: missed</c>.</summary>
    public string Sentence => $"goal {Goal}: {Verdict}";
}

/// <summary>What a figure should be.</summary>
internal sealed record Goal
{
    private double Limit { get; init; }

    private bool IsMost { get; init; }

    public static Goal AtLeast(double limit) => new() { Limit = limit };

    public static Goal AtMost(double limit) => new() { Limit = limit, IsMost = true };

    public bool IsReachedBy(double value) => IsMost ? value <= Limit : value >= Limit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMost ? '≤' : '≥')} {Limit:#,0.##}");
}
