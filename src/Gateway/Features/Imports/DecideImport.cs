using System.Linq.Expressions;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>What somebody says is to be done with a file.</summary>
/// <param name="Mapping">By column: its field, the name of a property, or <c>-</c>; what was guessed stays for the others.</param>
/// <param name="Source">Where the people agreed; null asks each of them by mail first.</param>
/// <param name="ConsentText">The words they agreed to; null where nobody has them any more.</param>
/// <param name="ConsentOn">The day on which those agreed whose row does not say it, UTC.</param>
internal sealed record ImportPlan(
    IReadOnlyDictionary<string, string> Mapping,
    string? Source,
    string? ConsentText,
    DateOnly? ConsentOn,
    DateOrder Dates
)
{
    public const int MaxSource = 200;
    public const int MaxConsentText = 10_000;
}

/// <summary>
/// Decides about imports: begins, stops and takes them back. <see cref="WorkImports"/> does it. Nobody is put on a list without a source of
/// their consent.
/// </summary>
internal sealed class DecideImport(GatewayDb db, AuditLog audit, ListStore lists, Signal<WorkImports> work, TimeProvider clock)
{
    /// <summary>One that was stopped and goes on no more is ended then, and what is left of its file deleted.</summary>
    public static readonly TimeSpan StoppedLifetime = TimeSpan.FromDays(30);

    private static readonly Refusal NoSuch = new(RefusalKind.Missing, "not_found", "There is no such import.");

    /// <returns>Null when there is no such import at the site; of every site when that is null.</returns>
    public async Task<Import?> FindAsync(Guid? siteId, string? id, CancellationToken ct) =>
        PublicId.Parse(PublicId.Import, id) is { } importId
            ? await db
                .Imports.AsNoTracking()
                .SingleOrDefaultAsync(row => row.Id == importId && (siteId == null || row.SiteId == siteId), ct)
            : null;

    /// <returns>Those of a site, the newest first, without what is still coming in.</returns>
    public Task<List<Import>> PageAsync(Guid siteId, Guid? after, int limit, CancellationToken ct) =>
        db
            .Imports.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.State != ImportState.Receiving && (after == null || row.Id < after))
            .OrderByDescending(row => row.Id)
            .Take(limit)
            .ToListAsync(ct);

    /// <returns>The first rows of a file that nothing was done with; none of any other.</returns>
    public async Task<List<FileRow>> FirstRowsAsync(Import import, CancellationToken ct) =>
        import.State == ImportState.Draft && await ImportRows.NextAsync(db, import.Id, ct) is { } piece
            ? [.. ImportRows.Of(piece).Take(ReadFile.Shown)]
            : [];

    /// <returns>Rows that were not taken, in the order of the file.</returns>
    public IAsyncEnumerable<RefusedRow> RefusedAsync(Guid importId) =>
        db.RefusedRows.AsNoTracking().Where(row => row.ImportId == importId).OrderBy(row => row.Line).AsAsyncEnumerable();

    /// <summary>Begins what somebody decided.</summary>
    /// <param name="import">A draft.</param>
    /// <param name="listId">As callers write it, lst_….</param>
    /// <param name="actor">As the audit names them.</param>
    public async Task<Result<Import>> StartAsync(Import import, string? listId, ImportPlan plan, string actor, CancellationToken ct)
    {
        if (await lists.FindAsync(import.SiteId, listId, ct) is not { } list)
        {
            return Refusal.Invalid("list", "There is no such list at this site.");
        }

        if (list.ErrorOfJoining() is { } closed)
        {
            return closed;
        }

        var (columns, guessed) = (
            JsonSerializer.Deserialize<List<string>>(import.Columns)!,
            JsonSerializer.Deserialize<List<string?>>(import.Mapping)!
        );
        if (ImportFields.Apply(columns, guessed, plan.Mapping).IsRefused(out var why, out var fields))
        {
            return why;
        }

        if (ErrorOf(plan, fields) is { } unfit)
        {
            return unfit;
        }

        var source = plan.Source?.Trim();
        var (mapping, consent) = (JsonSerializer.Serialize(fields), source is null ? ImportConsent.Double : ImportConsent.Proven);
        var now = clock.GetUtcNow().UtcDateTime;
        return await ChangeAsync(
            import,
            row => row.State == ImportState.Draft && row.Failure == null,
            "import.started",
            actor,
            set =>
                set.SetProperty(row => row.State, ImportState.Running)
                    .SetProperty(row => row.ListId, (Guid?)list.Id)
                    .SetProperty(row => row.Mapping, mapping)
                    .SetProperty(row => row.Consent, consent)
                    .SetProperty(row => row.Source, source)
                    .SetProperty(row => row.ConsentText, plan.ConsentText)
                    .SetProperty(row => row.ConsentOn, plan.ConsentOn)
                    .SetProperty(row => row.Dates, plan.Dates)
                    .SetProperty(row => row.Actor, actor)
                    .SetProperty(row => row.DueAt, (DateTime?)now),
            ct
        );
    }

    /// <summary>It goes on no further until somebody says so, even one that failed. What it did stays.</summary>
    public Task<Result<Import>> StopAsync(Import import, string actor, CancellationToken ct)
    {
        var giveUpAt = (clock.GetUtcNow() + StoppedLifetime).UtcDateTime;
        return ChangeAsync(
            import,
            row => row.State == ImportState.Running,
            "import.stopped",
            actor,
            set => set.SetProperty(row => row.State, ImportState.Stopped).SetProperty(row => row.DueAt, (DateTime?)giveUpAt),
            ct
        );
    }

    /// <summary>One that was stopped goes on where it was.</summary>
    public Task<Result<Import>> ResumeAsync(Import import, string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return ChangeAsync(
            import,
            row => row.State == ImportState.Stopped && row.Failure == null,
            "import.resumed",
            actor,
            set => set.SetProperty(row => row.State, ImportState.Running).SetProperty(row => row.DueAt, (DateTime?)now),
            ct
        );
    }

    /// <summary>
    /// Takes off the list whom this import alone put there, and whom nothing happened to since. Suppressions that it wrote stay, and what
    /// it told of people who were known before. One that failed need not be stopped first.
    /// </summary>
    public Task<Result<Import>> UndoAsync(Import import, string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return ChangeAsync(
            import,
            row =>
                row.State == ImportState.Stopped
                || row.State == ImportState.Ended
                || (row.Failure != null && (row.State == ImportState.Running || row.State == ImportState.Undoing)),
            "import.undone",
            actor,
            set =>
                set.SetProperty(row => row.State, ImportState.Undoing)
                    .SetProperty(row => row.Actor, actor)
                    .SetProperty(row => row.EndedAt, (DateTime?)null)
                    .SetProperty(row => row.DueAt, (DateTime?)now),
            ct
        );
    }

    /// <summary>Forgets a file that nothing was done with, or an import that failed: whom that put on the list stays there.</summary>
    public Task<Refusal?> DeleteAsync(Import import, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var mine = db.Imports.Where(row => row.Id == import.Id && (row.State == ImportState.Draft || row.Failure != null));
                if (await mine.LockAsync(ct) == 0)
                {
                    return Refused(import);
                }

                await ImportRows.DeleteAsync(db, [import.Id], ct);
                await audit.RecordAsync(import.SiteId, actor, "import.deleted", PublicId.Format(PublicId.Import, import.Id), ct);
                return null;
            },
            ct
        );

    private Refusal? ErrorOf(ImportPlan plan, string?[] fields)
    {
        var source = plan.Source?.Trim();
        return source is { Length: 0 or > ImportPlan.MaxSource } || source?.Any(char.IsControl) == true
                ? Refusal.Invalid(
                    "source",
                    $"source is a text of 1 to {ImportPlan.MaxSource} characters that says where the people agreed."
                )
            : plan.ConsentText?.Length > ImportPlan.MaxConsentText
                ? Refusal.Invalid("consentText", $"consentText may have at most {ImportPlan.MaxConsentText} characters.")
            : plan.ConsentOn > DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)
                ? Refusal.Invalid("consentOn", "consentOn has not come yet.")
            : source is not null && plan.ConsentOn is null && !fields.Contains(ImportFields.ConsentAt)
                ? Refusal.Invalid(
                    "consentOn",
                    $"A proof has a time: name its column (the field {ImportFields.ConsentAt}), or the day on which all agreed."
                )
            : null;
    }

    private async Task<Result<Import>> ChangeAsync(
        Import import,
        Expression<Func<Import, bool>> may,
        string action,
        string actor,
        Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Import>> change,
        CancellationToken ct
    )
    {
        var isDone = await audit.RecordAsync(
            async () =>
            {
                db.OnCommitted(work.Wake);
                return await db
                        .Imports.Where(row => row.Id == import.Id)
                        .Where(may)
                        .ExecuteUpdateAsync(
                            set =>
                            {
                                change(set);

                                // Whoever decides about one that failed has it tried anew.
                                set.SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.Failures, 0);
                            },
                            ct
                        ) > 0;
            },
            isDone => isDone ? new(import.SiteId, actor, action, PublicId.Format(PublicId.Import, import.Id)) : null,
            ct
        );
        var now = await db.Imports.AsNoTracking().SingleOrDefaultAsync(row => row.Id == import.Id, ct);
        return now is null ? NoSuch
            : isDone ? now
            : Refused(now);
    }

    private static Refusal Refused(Import import) =>
        new(
            RefusalKind.Conflict,
            "wrong_state",
            import.Failure ?? $"The import cannot do that now: it is {CaseConverter.Lower(import.State.ToString())}."
        );
}
