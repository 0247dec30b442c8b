using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites.Findings;

/// <summary>What is wrong at sites, and since when.</summary>
internal sealed class SiteFindings(GatewayDb db, IEnumerable<ISiteCheck> checks, TimeProvider clock)
{
    /// <param name="sites">Of these sites alone; null is all.</param>
    /// <returns>The oldest first.</returns>
    public Task<List<SiteFinding>> ListAsync(IReadOnlyCollection<Guid>? sites, CancellationToken ct) =>
        db
            .SiteFindings.AsNoTracking()
            .Where(finding => sites == null || sites.Contains(finding.SiteId))
            .OrderBy(finding => finding.Since)
            .ThenBy(finding => finding.Id)
            .ToListAsync(ct);

    /// <summary>Looks at a site now, and notes what is wrong and what no more.</summary>
    public async Task LookAsync(Site site, FindingKind kind, CancellationToken ct)
    {
        foreach (var check in checks.Where(check => check.Kind == kind))
        {
            if (await check.FindAsync(site, ct) is { } faults)
            {
                await NoteAsync(site.Id, kind, faults, ct);
            }
        }
    }

    private async Task NoteAsync(Guid siteId, FindingKind kind, IReadOnlyList<Fault> faults, CancellationToken ct)
    {
        var mine = db.SiteFindings.Where(finding => finding.SiteId == siteId && finding.Kind == kind);
        var known = await mine.AsNoTracking().ToDictionaryAsync(finding => finding.Subject, ct);
        var now = clock.GetUtcNow();
        var over = known.Keys.Except(faults.Select(fault => fault.Subject)).ToList();
        var other = faults
            .Where(fault => known.TryGetValue(fault.Subject, out var before) && (before.Text, before.Name) != (fault.Text, fault.Name))
            .ToList();
        var fresh = faults
            .Where(fault => !known.ContainsKey(fault.Subject))
            .Select(fault => new SiteFinding
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = kind,
                Subject = fault.Subject,
                Name = fault.Name,
                Text = fault.Text,
                Since = now.UtcDateTime,
            })
            .ToList();
        if (over.Count + other.Count + fresh.Count == 0)
        {
            return;
        }

        await db.WriteAsync(
            async () =>
            {
                await mine.Where(finding => over.Contains(finding.Subject)).ExecuteDeleteAsync(ct);
                foreach (var fault in other)
                {
                    await mine.Where(finding => finding.Subject == fault.Subject)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(finding => finding.Text, fault.Text).SetProperty(finding => finding.Name, fault.Name),
                            ct
                        );
                }

                // Another process may have found the same a moment ago: the index keeps one.
                await db.InsertNewAsync(fresh, ct);
            },
            ct
        );
    }
}
