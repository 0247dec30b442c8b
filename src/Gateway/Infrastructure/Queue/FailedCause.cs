using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Infrastructure.Queue;

/// <summary>Everything that failed for one reason.</summary>
/// <param name="Cause">Names it; made of queue, code and reason, so that it stays the same.</param>
/// <param name="Reason">As one of them has it, a sentence without personal data.</param>
/// <param name="Since">When the oldest of them came in, UTC; null where that is not known.</param>
/// <param name="LastAt">When the newest came in.</param>
/// <param name="Sites">Where they happened.</param>
internal sealed record FailedCause(
    string Cause,
    string Queue,
    string Code,
    string Reason,
    int Count,
    DateTime? Since,
    DateTime? LastAt,
    IReadOnlyCollection<Guid> Sites
);

/// <summary>What rows of one queue and one site say in the same words, as the database counts them.</summary>
internal sealed record AlikeFailures(Guid SiteId, string Code, string? Reason, int Count, DateTime? Since, DateTime? LastAt);

/// <summary>A failed row, as the database can group it.</summary>
internal sealed class FailedFact
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public required string Code { get; set; }

    public string? Reason { get; set; }

    public DateTime? Since { get; set; }

    /// <inheritdoc cref="FailedItem.IsOfSite"/>
    public bool IsOfSite { get; set; } = true;

    /// <inheritdoc cref="FailedItem.HasStory"/>
    public bool HasStory { get; set; } = true;
}

/// <summary>Which reasons are the same cause.</summary>
internal static partial class FailedCauses
{
    /// <returns>Such as <c>mail_failed-3f2a90c1</c>.</returns>
    public static string Of(string queue, string code, string? reason)
    {
        var words = Varying().Replace(reason ?? "", "#");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{queue}\n{code}\n{words}"));
        return $"{code}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }

    /// <summary>Ids and times that servers put into every answer; reply codes such as 550 and 5.1.1 are short and stay.</summary>
    [GeneratedRegex(@"(?<![\w.])(?=[\w.:-]*\d)[\w.:-]{8,}")]
    private static partial Regex Varying();
}
