using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>Hooks that take nothing at the moment. What they are sent is tried again for days before it stands as failed.</summary>
internal sealed class HookFaults(GatewayDb db) : ISiteCheck
{
    /// <summary>A receiver that was restarted has answered the second or third time.</summary>
    public const int ManyFailures = 2;

    public FindingKind Kind => FindingKind.Hook;

    public async Task<IReadOnlyList<Fault>?> FindAsync(Site site, CancellationToken ct)
    {
        var hooks = await db.Hooks.AsNoTracking().Where(hook => hook.SiteId == site.Id && hook.EndedAt == null).ToListAsync(ct);
        var faults = new List<Fault>();
        foreach (var hook in hooks)
        {
            // By the index of just these: a hook that works has a million that are done.
            var failing = await db
                .Deliveries.AsNoTracking()
                .Where(row => row.HookId == hook.Id && row.DueAt != null && row.Failures >= ManyFailures)
                .OrderByDescending(row => row.Id)
                .FirstOrDefaultAsync(ct);
            if (failing is not null)
            {
                var waiting = db.Deliveries.Where(row => row.DueAt != null && row.HookId == hook.Id).OrderBy(row => row.DueAt);
                faults.Add(FaultOf(hook, failing.Answer, await waiting.Take(QueueDepth.MaxCounted).CountAsync(ct)));
            }
        }

        return faults;
    }

    private static Fault FaultOf(Hook hook, string? answer, int waiting)
    {
        var wait =
            waiting == 1
                ? "1 event waits for it and is tried again by itself."
                : string.Create(CultureInfo.InvariantCulture, $"{waiting:N0} events wait for it and are tried again by themselves.");
        return new(
            PublicId.Format(PublicId.Hook, hook.Id),
            HookUrl.NameOf(hook.Url),
            $"Its last answer: {(answer ?? "none").TrimEnd('.')}. {wait}"
        );
    }
}
