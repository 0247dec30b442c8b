using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Guard;

/// <summary>Numbers that cost many times what others do, such as satellite telephones: <c>ranges.txt</c>.</summary>
internal sealed class SmsRanges(IOptions<SmsGuardOptions> options)
{
    private static readonly IReadOnlyList<SmsRange> All = [.. GuardFile.Lines("ranges.txt").Select(SmsRange.Read)];

    private readonly HashSet<string> _allowed = [.. Listed(options.Value.AllowedRanges)];

    /// <param name="number">E.164.</param>
    /// <returns>The range that it is in; null when it is in none, or the operator allows it.</returns>
    public SmsRange? Find(string number) =>
        All.FirstOrDefault(range => number.AsSpan(1).StartsWith(range.Digits) && !_allowed.Contains(range.Digits));

    /// <returns>What is wrong with the list, as a sentence; null when nothing is.</returns>
    public static string? Error(string? allowed) =>
        Listed(allowed).FirstOrDefault(digits => All.All(range => range.Digits != digits)) is { } unknown
            ? $"\"{unknown}\" is no range that is refused. They are {string.Join(", ", All.Select(range => range.Digits))}."
            : null;

    private static string[] Listed(string? ranges) =>
        (ranges ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <param name="Digits">What its numbers begin with, without +.</param>
/// <param name="What">As in a sentence: <c>satellite telephones (Inmarsat)</c>.</param>
/// <param name="Source">Who says so.</param>
internal sealed record SmsRange(string Digits, string What, string Source)
{
    public static SmsRange Read(string line) =>
        line.Split('|', StringSplitOptions.TrimEntries) is [var digits, var what, var source]
            ? new(digits, what, source)
            : throw new InvalidDataException($"No range: {line}");
}
