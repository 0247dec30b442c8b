using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates;

/// <summary>A version without its words, which can be large.</summary>
/// <param name="Author">As the audit names them.</param>
/// <param name="IsSimple">Whether simple mode made it.</param>
internal sealed record VersionSummary(
    Guid TemplateId,
    string Language,
    int Number,
    VersionState State,
    string Author,
    string Subject,
    bool IsSimple,
    DateTime UpdatedAt,
    DateTime? PublishedAt
)
{
    public static Task<List<VersionSummary>> ReadAsync(IQueryable<TemplateVersion> versions, CancellationToken ct) =>
        versions
            .Select(row => new VersionSummary(
                row.TemplateId,
                row.Language,
                row.Number,
                row.State,
                row.Author,
                row.Subject,
                row.Simple != null,
                row.UpdatedAt,
                row.PublishedAt
            ))
            .ToListAsync(ct);
}
