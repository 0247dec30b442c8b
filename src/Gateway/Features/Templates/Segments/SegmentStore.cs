using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Segments;

/// <summary>What came of a change to a segment.</summary>
internal abstract record SegmentOutcome
{
    public sealed record Done(Segment Segment) : SegmentOutcome;

    /// <param name="Field">As a caller writes it.</param>
    /// <param name="Reason">A sentence.</param>
    public sealed record Refused(string Field, string Reason) : SegmentOutcome;

    /// <summary>Its condition cannot be read.</summary>
    public sealed record Invalid(TemplateError Error) : SegmentOutcome;

    /// <param name="Code">Stable.</param>
    public sealed record Conflict(string Code, string Reason) : SegmentOutcome;
}

/// <summary>The segments of a site: added, changed, and deleted when no template names them any more.</summary>
internal sealed class SegmentStore(GatewayDb db, PublishedTemplates published, SegmentUse use, AuditLog audit, TimeProvider clock)
{
    private const int MaxSegments = 100;

    public Task<Segment?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Segments.AsNoTracking().SingleOrDefaultAsync(segment => segment.SiteId == siteId && segment.Id == id, ct);

    /// <param name="key">Null for one made of the name.</param>
    public async Task<SegmentOutcome> AddAsync(
        Guid siteId,
        string? key,
        string name,
        string condition,
        string actor,
        CancellationToken ct
    )
    {
        key ??= TemplateStore.ProposeKey(name, (await OfSiteAsync(siteId, ct)).ConvertAll(one => one.Key), otherwise: "segment");
        if (TemplateStore.KeyError(key) is { } unfit)
        {
            return new SegmentOutcome.Refused("key", unfit);
        }

        if (await ErrorAsync(siteId, name, condition, ct) is { } error)
        {
            return error;
        }

        var now = clock.GetUtcNow();
        var segment = new Segment
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Key = key,
            Name = name.Trim(),
            Condition = condition,
            CreatedAt = now.UtcDateTime,
        };
        var outcome = await audit.RecordAsync(
            async () =>
                await db.Segments.CountAsync(one => one.SiteId == siteId, ct) >= MaxSegments
                    ? new SegmentOutcome.Conflict("too_many", T($"A site may have at most {MaxSegments} segments."))
                : await db.InsertNewAsync([segment], ct) > 0 ? new SegmentOutcome.Done(segment)
                : (SegmentOutcome)new SegmentOutcome.Conflict("key_taken", T($"The site has a segment \"{key}\" already.")),
            outcome => RecordOf(outcome, actor, "segment.added"),
            ct
        );
        published.Forget(siteId);
        return outcome;
    }

    /// <summary>Another name or condition; what templates call it stays. Messages that leave from now on go by the new condition.</summary>
    /// <param name="onlyKnown">Whether it is changed only while it is stored as the caller knows it.</param>
    public async Task<SegmentOutcome> ChangeAsync(
        Segment segment,
        string name,
        string condition,
        string actor,
        CancellationToken ct,
        bool onlyKnown = false
    )
    {
        if (await ErrorAsync(segment.SiteId, name, condition, ct) is { } error)
        {
            return error;
        }

        var known = (segment.Name, segment.Condition);
        (segment.Name, segment.Condition) = (name.Trim(), condition);
        var outcome = await audit.RecordAsync(
            async () =>
                await db
                    .Segments.Where(one =>
                        one.Id == segment.Id && (!onlyKnown || (one.Name == known.Name && one.Condition == known.Condition))
                    )
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(one => one.Name, segment.Name).SetProperty(one => one.Condition, segment.Condition),
                        ct
                    ) == 0
                && onlyKnown
                    ? new SegmentOutcome.Conflict(Versions.Changed, "Somebody else changed this segment in the meantime.")
                    : (SegmentOutcome)new SegmentOutcome.Done(segment),
            outcome => RecordOf(outcome, actor, "segment.changed"),
            ct
        );
        published.Forget(segment.SiteId);
        return outcome;
    }

    public Task<List<Segment>> OfSiteAsync(Guid siteId, CancellationToken ct) =>
        db.Segments.AsNoTracking().Where(segment => segment.SiteId == siteId).ToListAsync(ct);

    /// <summary>Unless a draft or what is published names it.</summary>
    public async Task<SegmentOutcome> DeleteAsync(Segment segment, string actor, CancellationToken ct)
    {
        var outcome = await audit.RecordAsync(
            async () =>
            {
                // Whoever saves a template holds the segments it names, so a draft is either found here or comes too late to name this one.
                var mine = db.Segments.Where(one => one.Id == segment.Id);
                await mine.LockAsync(ct);
                if (await use.OfAsync(segment.SiteId, segment.Key, ct) is { Count: > 0 } templates)
                {
                    return new SegmentOutcome.Conflict(
                        "in_use",
                        T(
                            $"Sections of {string.Join(", ", templates.Select(template => $"“{template.Name}”"))} are for it. Take it "
                                + $"out of their drafts and of what is published first."
                        )
                    );
                }

                await mine.ExecuteDeleteAsync(ct);
                return (SegmentOutcome)new SegmentOutcome.Done(segment);
            },
            outcome => RecordOf(outcome, actor, "segment.deleted"),
            ct
        );
        published.Forget(segment.SiteId);
        return outcome;
    }

    private static AuditedChange? RecordOf(SegmentOutcome outcome, string actor, string action) =>
        outcome is SegmentOutcome.Done { Segment: var segment }
            ? new(segment.SiteId, actor, action, PublicId.Format(PublicId.Segment, segment.Id))
            : null;

    private async Task<SegmentOutcome?> ErrorAsync(Guid siteId, string name, string condition, CancellationToken ct)
    {
        if (TemplateStore.NameError(name) is { } unfit)
        {
            return new SegmentOutcome.Refused("name", unfit);
        }

        var lists = (await SiteSegments.ListsAsync(db, siteId, ct)).SelectMany(SegmentMoment.Names).ToList();
        return Conditions.Read(condition, lists).Error is { } error ? new SegmentOutcome.Invalid(error) : null;
    }
}
