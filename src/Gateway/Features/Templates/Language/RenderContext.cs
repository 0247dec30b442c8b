using System.Globalization;
using Fluid;

namespace Gateway.Features.Templates.Language;

/// <summary>What one rendering may see and how much it may do. A template that loops without end ends here, not with the process.</summary>
internal sealed class RenderContext : TemplateContext
{
    /// <summary>Statements; a long text of many short lines stays well below.</summary>
    public const int MaxRenderSteps = 100_000;

    /// <summary>Characters of a part, or of a value on the way to it. Gmail cuts off behind 102 KB.</summary>
    public const int MaxCharacters = 1_000_000;

    /// <summary>Members of an array.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Characters that all filters together may read and write.</summary>
    private const int MaxWork = 20_000_000;

    /// <summary>What anything costs, however little it reads or writes.</summary>
    private const int LeastWork = 16;

    private static readonly TemplateOptions Shared = TemplateFilters.NewOptions();

    private int _work;

    private readonly Func<string?, bool> _isIn;

    /// <param name="isHtml">Whether filters that make HTML may do so; in a text they leave the value as it is.</param>
    /// <param name="isIn">Whether the reader belongs to a segment, by its key; null is everybody.</param>
    public RenderContext(CultureInfo culture, Func<DateTimeOffset> now, TimeZoneInfo zone, bool isHtml, Func<string?, bool> isIn)
        : base(Shared)
    {
        MaxSteps = MaxRenderSteps;
        CultureInfo = culture;
        Now = now;
        TimeZone = zone;
        IsHtml = isHtml;
        _isIn = isIn;
    }

    public bool IsHtml { get; }

    public bool IsIn(string? segment) => _isIn(segment);

    /// <summary>What filters could not do with the values they got; where they could not, the value is empty.</summary>
    public HashSet<string> Troubles { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts the characters that a filter is about to read or write.</summary>
    public void Work(long characters)
    {
        if (characters > MaxCharacters)
        {
            throw RenderLimitException.TooLong();
        }

        CpuBudget.Spend(characters + LeastWork);
        _work += (int)characters;
        if (_work > MaxWork)
        {
            throw new RenderLimitException("The template's filters have too much to do. Does a loop do the same over and over?");
        }
    }
}

/// <summary>A template does more than it may, which depends on the values it is given: the sentence is for its author.</summary>
internal sealed class RenderLimitException(string message) : Exception(message)
{
    public static RenderLimitException TooLong() =>
        new($"The result has more than {RenderContext.MaxCharacters:N0} characters. Does a loop go on for longer than meant?");

    public static RenderLimitException TooSlow() =>
        new(
            $"The template takes more than {CpuBudget.Limit.TotalSeconds:0.#} s of computing. Does a loop go on for longer than meant, "
                + "or is something very long?"
        );
}
