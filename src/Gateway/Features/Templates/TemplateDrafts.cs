using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates;

/// <summary>What came of saving, publishing or restoring words.</summary>
internal abstract record DraftOutcome
{
    public sealed record Done(TemplateVersion Version) : DraftOutcome;

    public sealed record Missing(string What) : DraftOutcome;

    /// <summary>Nothing was stored.</summary>
    public sealed record Invalid(IReadOnlyList<TemplateError> Errors) : DraftOutcome;

    /// <summary>Somebody else was quicker.</summary>
    public sealed record Overtaken : DraftOutcome;
}

/// <summary>
/// The words of a template on their way from a draft to what is sent. What was sent once is never changed, so that it can be told later
/// what somebody got.
/// </summary>
internal sealed class TemplateDrafts(
    GatewayDb db,
    PublishedTemplates published,
    TemplatePreview preview,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>
    /// Only what can be read is stored, and only what can be sent is published: an error is told here, never when a mail leaves.
    /// </summary>
    /// <param name="simple">What simple mode made the source of, as JSON; null where it was written by hand.</param>
    /// <param name="onlyOver">The draft whose place it is to take, as it was read; null for any, or none.</param>
    public async Task<DraftOutcome> SaveAsync(
        Template template,
        string language,
        TemplateSource source,
        string author,
        CancellationToken ct,
        string? simple = null,
        TemplateVersion? onlyOver = null
    )
    {
        var errors = await ErrorsAsync(template.SiteId, template.Kind, source, ct);
        return errors.Count > 0
            ? new DraftOutcome.Invalid(errors)
            : await db.WriteAsync(() => HoldAndStoreAsync(template, language, source, simple, author, onlyOver, ct), ct);
    }

    /// <summary>What keeps words from being stored as a draft.</summary>
    public async Task<IReadOnlyList<TemplateError>> ErrorsAsync(
        Guid siteId,
        TemplateKind kind,
        TemplateSource source,
        CancellationToken ct
    )
    {
        if (TemplateRules.SizeErrors(source) is { Count: > 0 } sizes)
        {
            return sizes;
        }

        var (compiled, errors) = await CompiledTemplate.OfAsync(source, siteId, ct);
        return compiled is null
            ? errors
            : SectionRules.Errors(kind, source, compiled, compiled.Segments.Count == 0 ? [] : await db.SegmentKeysAsync(siteId, ct));
    }

    /// <returns>The draft, else what is published; null when the language has no words.</returns>
    public async Task<TemplateVersion?> LatestAsync(Guid templateId, string language, CancellationToken ct) =>
        await FindAsync(templateId, language, VersionState.Draft, ct)
        ?? await FindAsync(templateId, language, VersionState.Published, ct);

    public Task<TemplateVersion?> FindAsync(Guid templateId, string language, VersionState state, CancellationToken ct) =>
        db
            .TemplateVersions.AsNoTracking()
            .SingleOrDefaultAsync(
                version => version.TemplateId == templateId && version.Language == language && version.State == state,
                ct
            );

    public Task<TemplateVersion?> FindAsync(Guid templateId, string language, int number, CancellationToken ct) =>
        db
            .TemplateVersions.AsNoTracking()
            .SingleOrDefaultAsync(
                version => version.TemplateId == templateId && version.Language == language && version.Number == number,
                ct
            );

    /// <summary>Drafts and published versions in every language.</summary>
    public Task<List<VersionSummary>> CurrentAsync(Guid templateId, CancellationToken ct) =>
        VersionSummary.ReadAsync(
            db.TemplateVersions.AsNoTracking()
                .Where(version => version.TemplateId == templateId && version.State != VersionState.Archived),
            ct
        );

    /// <summary>All versions in one language, the newest first.</summary>
    public Task<List<VersionSummary>> HistoryAsync(Guid templateId, string language, int limit, CancellationToken ct) =>
        VersionSummary.ReadAsync(
            db.TemplateVersions.AsNoTracking()
                .Where(version => version.TemplateId == templateId && version.Language == language)
                .OrderByDescending(version => version.Number)
                .Take(limit),
            ct
        );

    /// <summary>The draft takes the place of what was sent until now.</summary>
    public async Task<DraftOutcome> PublishAsync(Template template, string language, string actor, CancellationToken ct)
    {
        if (await FindAsync(template.Id, language, VersionState.Draft, ct) is not { } draft)
        {
            return new DraftOutcome.Missing("draft");
        }

        if (await preview.PublishingErrorsAsync(template, draft, ct) is { Count: > 0 } errors)
        {
            return new DraftOutcome.Invalid(errors);
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var isDone = await db.WriteAsync(
            async () =>
            {
                // What was looked at is what is published: a draft that was saved again meanwhile was not. The row is held.
                var looked = db.TemplateVersions.Where(version =>
                    version.Id == draft.Id && version.State == VersionState.Draft && version.UpdatedAt == draft.UpdatedAt
                );
                if (await looked.LockAsync(ct) == 0)
                {
                    return false;
                }

                await db
                    .TemplateVersions.Where(version =>
                        version.TemplateId == template.Id && version.Language == language && version.State == VersionState.Published
                    )
                    .ExecuteUpdateAsync(set => set.SetProperty(version => version.State, VersionState.Archived), ct);
                await looked.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(version => version.State, VersionState.Published)
                            .SetProperty(version => version.PublishedAt, now),
                    ct
                );
                await audit.RecordAsync(
                    template.SiteId,
                    actor,
                    "template.published",
                    PublicId.Format(PublicId.Template, template.Id),
                    ct
                );
                return true;
            },
            ct
        );
        published.Forget(template.SiteId);
        (draft.State, draft.PublishedAt) = (VersionState.Published, now);
        return isDone ? new DraftOutcome.Done(draft) : new DraftOutcome.Overtaken();
    }

    /// <summary>An old version becomes the draft, in the place of one that is there.</summary>
    public async Task<DraftOutcome> RestoreAsync(Template template, string language, int number, string author, CancellationToken ct) =>
        await FindAsync(template.Id, language, number, ct) is { } old
            ? await SaveAsync(template, language, old.Source, author, ct, old.Simple)
            : new DraftOutcome.Missing("version");

    /// <returns>False when there is no draft.</returns>
    public async Task<bool> DiscardAsync(Guid templateId, string language, CancellationToken ct) =>
        await db.WriteAsync(
            () =>
                db
                    .TemplateVersions.Where(version =>
                        version.TemplateId == templateId && version.Language == language && version.State == VersionState.Draft
                    )
                    .ExecuteDeleteAsync(ct),
            ct
        ) > 0;

    /// <summary>The segments that are named are held, so that none is deleted before the draft is there.</summary>
    private async Task<DraftOutcome> HoldAndStoreAsync(
        Template template,
        string language,
        TemplateSource source,
        string? simple,
        string author,
        TemplateVersion? onlyOver,
        CancellationToken ct
    )
    {
        var named = CompiledTemplate.Of(source).Template!.Segments;
        var held =
            named.Count == 0
                ? 0
                : await db.Segments.Where(segment => segment.SiteId == template.SiteId && named.Contains(segment.Key)).LockAsync(ct);
        return held < named.Count
            ? new DraftOutcome.Overtaken()
            : await StoreAsync(template.Id, language, source, simple, author, onlyOver, ct);
    }

    private async Task<DraftOutcome> StoreAsync(
        Guid templateId,
        string language,
        TemplateSource source,
        string? simple,
        string author,
        TemplateVersion? onlyOver,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var versions = db.TemplateVersions.Where(version => version.TemplateId == templateId && version.Language == language);
        var replaced = await versions
            .Where(version => version.State == VersionState.Draft && (onlyOver == null || version.UpdatedAt == onlyOver.UpdatedAt))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(version => version.Subject, source.Subject)
                        .SetProperty(version => version.Preheader, source.Preheader)
                        .SetProperty(version => version.Html, source.Html)
                        .SetProperty(version => version.Text, source.Text)
                        .SetProperty(version => version.Simple, simple)
                        .SetProperty(version => version.Author, author)
                        .SetProperty(version => version.UpdatedAt, now.UtcDateTime),
                ct
            );
        if (replaced == 0 && onlyOver is not null)
        {
            return new DraftOutcome.Overtaken();
        }

        if (await versions.AsNoTracking().SingleOrDefaultAsync(version => version.State == VersionState.Draft, ct) is { } draft)
        {
            return new DraftOutcome.Done(draft);
        }

        var row = new TemplateVersion
        {
            Id = Guid.CreateVersion7(now),
            TemplateId = templateId,
            Language = language,
            Number = (await versions.MaxAsync(version => (int?)version.Number, ct) ?? 0) + 1,
            State = VersionState.Draft,
            Subject = source.Subject,
            Preheader = source.Preheader,
            Html = source.Html,
            Text = source.Text,
            Simple = simple,
            Author = author,
            CreatedAt = now.UtcDateTime,
            UpdatedAt = now.UtcDateTime,
        };
        return await db.InsertNewAsync([row], ct) > 0 ? new DraftOutcome.Done(row) : new DraftOutcome.Overtaken();
    }
}
