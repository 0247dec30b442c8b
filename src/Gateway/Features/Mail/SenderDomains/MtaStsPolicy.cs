using System.Globalization;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What a domain asks of servers that bring it mail (RFC 8461, section 3.2).</summary>
/// <param name="Mode"><c>enforce</c>: a server whose name or certificate does not fit gets no mail; <c>testing</c>: it does, and that is
/// reported; <c>none</c>: nothing is asked.</param>
/// <param name="MaxAge">How long the policy is remembered.</param>
/// <param name="Servers">Names of the mail servers; <c>*.</c> at the beginning stands for one label.</param>
internal sealed record MtaStsPolicy(string Mode, TimeSpan MaxAge, IReadOnlyList<string> Servers)
{
    private const int MaxSeconds = 31_557_600;

    /// <param name="fault">What is wrong with the text, as a part of a sentence; null when it is a policy.</param>
    public static MtaStsPolicy? Read(string text, out string? fault)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var mode = lines["mode"].FirstOrDefault();
        var isAge = int.TryParse(lines["max_age"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        List<string> servers = [.. lines["mx"].Select(name => name.TrimEnd('.').ToLowerInvariant())];
        fault =
            lines["version"].FirstOrDefault() != "STSv1" ? "it needs the line \"version: STSv1\""
            : mode is not ("enforce" or "testing" or "none") ? "its mode must be enforce, testing or none"
            : !isAge || seconds > MaxSeconds ? $"its max_age must be a number of seconds of at most {MaxSeconds}"
            : servers.Count == 0 && mode != "none" ? "it names no mail server (mx)"
            : null;
        return fault is null ? new(mode!, TimeSpan.FromSeconds(seconds), servers) : null;
    }

    /// <summary>RFC 8461, section 4.1.</summary>
    public bool Names(string server)
    {
        var name = server.TrimEnd('.').ToLowerInvariant();
        return Servers.Any(pattern =>
            pattern.StartsWith("*.", StringComparison.Ordinal)
                ? name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && name[dot..] == pattern[1..]
                : name == pattern
        );
    }
}
