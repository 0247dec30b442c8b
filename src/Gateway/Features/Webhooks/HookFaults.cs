using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>Hooks that take nothing at the moment. What they are sent is tried again for days before it stands as failed.</summary>
internal sealed class HookFaults(GatewayDb db) : ISiteCheck
{
    /// <summary>A receiver that was restarted has answered the second or third time.</summary>
    private const int ManyFailures = 2;

    public FindingKind Kind => FindingKind.Hook;

    public async Task<IReadOnlyList<Fault>?> FindAsync(Site site, CancellationToken ct)
    {
        var hooks = await db.Hooks.AsNoTracking().Where(hook => hook.SiteId == site.Id && hook.EndedAt == null).ToListAsync(ct);
        if (hooks.Count == 0)
        {
            return [];
        }

        // By the index of what waits: a hook that works has a million that are done.
        var waiting = await db
            .Deliveries.AsNoTracking()
            .Where(row => row.DueAt != null && row.SiteId == site.Id)
            .Select(row => new
            {
                row.Id,
                row.HookId,
                row.Failures,
                row.Answer,
            })
            .ToListAsync(ct);
        return
        [
            .. from hook in hooks
            let mine = waiting.FindAll(row => row.HookId == hook.Id)
            let last = mine.Where(row => row.Failures >= ManyFailures).MaxBy(row => row.Id)
            where last is not null
            select FaultOf(hook, last.Answer, mine.Count),
        ];
    }

    private static Fault FaultOf(Hook hook, string? answer, int waiting)
    {
        var host = HookUrl.HostOf(hook.Url);
        var wait =
            waiting == 1
                ? "1 event waits for it and is tried again by itself."
                : string.Create(CultureInfo.InvariantCulture, $"{waiting:N0} events wait for it and are tried again by themselves.");
        return new(
            PublicId.Format(PublicId.Hook, hook.Id),
            host,
            $"It takes no events. Its last answer: {(answer ?? "none").TrimEnd('.')}. {wait}"
        );
    }
}
