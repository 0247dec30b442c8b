using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Findings;

/// <summary>Which findings are muted for a template, and why. A finding is advice; muting it says that the advice was read.</summary>
internal sealed class TemplateMutes(GatewayDb db, AuditLog audit, TimeProvider clock)
{
    public const int MaxId = 200;
    public const int MaxNote = 200;
    private const int MaxMutes = 200;

    /// <returns>By the findings' ids.</returns>
    public Task<Dictionary<string, TemplateMute>> OfAsync(Guid templateId, CancellationToken ct) =>
        db.TemplateMutes.AsNoTracking().Where(mute => mute.TemplateId == templateId).ToDictionaryAsync(mute => mute.FindingId, ct);

    /// <summary>A finding that is muted already gets the new note.</summary>
    public async Task<Result<TemplateMute>> MuteAsync(
        Template template,
        string findingId,
        string note,
        string author,
        CancellationToken ct
    )
    {
        if (findingId.Length is 0 or > MaxId || findingId.Any(char.IsControl))
        {
            return Refusal.Invalid("findingId", $"A finding's id has up to {MaxId} characters, such as spam-word:free.");
        }

        if (note.Trim().Length is 0 or > MaxNote || note.Any(char.IsControl))
        {
            return Refusal.Invalid("note", $"note is needed, 1 to {MaxNote} characters: why this finding is no matter here.");
        }

        var now = clock.GetUtcNow();
        var row = new TemplateMute
        {
            Id = Guid.CreateVersion7(now),
            TemplateId = template.Id,
            FindingId = findingId,
            Note = note.Trim(),
            Author = author,
            CreatedAt = now.UtcDateTime,
        };
        var isKept = await audit.RecordAsync(
            async () =>
            {
                var mine = db.TemplateMutes.Where(mute => mute.TemplateId == template.Id);
                var known = await mine.Where(mute => mute.FindingId == findingId)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(mute => mute.Note, row.Note)
                                .SetProperty(mute => mute.Author, author)
                                .SetProperty(mute => mute.CreatedAt, row.CreatedAt),
                        ct
                    );
                return known > 0 || (await mine.CountAsync(ct) < MaxMutes && await db.InsertNewAsync([row], ct) > 0);
            },
            kept => kept ? new(template.SiteId, author, "finding.muted", PublicId.Format(PublicId.Template, template.Id)) : null,
            ct
        );
        if (!isKept)
        {
            return Refusal.Invalid("findingId", $"A template may have at most {MaxMutes} muted findings.");
        }

        return row;
    }

    /// <returns>False when it was not muted.</returns>
    public async Task<bool> UnmuteAsync(Guid templateId, string findingId, CancellationToken ct) =>
        await db.WriteAsync(
            () => db.TemplateMutes.Where(mute => mute.TemplateId == templateId && mute.FindingId == findingId).ExecuteDeleteAsync(ct),
            ct
        ) > 0;
}
