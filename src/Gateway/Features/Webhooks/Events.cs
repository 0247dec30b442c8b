using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>Writes down what happened, in the transaction of what it tells.</summary>
internal sealed class Events(Signal<FanOutEvents> fanOut, TimeProvider clock)
{
    /// <param name="data">Becomes the event's <c>data</c> in camelCase.</param>
    /// <param name="id">Where the thing it tells can happen only once: then it is told only once, whatever is processed again.</param>
    public Event Of(string type, Guid siteId, Guid? contactId, object data, Guid? id = null)
    {
        var now = clock.GetUtcNow();
        return new Event
        {
            Id = id ?? Guid.CreateVersion7(now),
            SiteId = siteId,
            Type = type,
            ContactId = contactId,
            Data = JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
            OccurredAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
    }

    /// <summary>
    /// Stores events within the running transaction of <paramref name="db"/>; once it is committed they go to the hooks that want them.
    /// What no hook wants is not due: a hook gets nothing from before it was there.
    /// </summary>
    public async Task WriteAsync(GatewayDb db, IReadOnlyCollection<Event> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        var wanted = await WantedAsync(db, [.. events.Select(row => row.SiteId).Distinct()], ct);
        var isWanted = false;
        foreach (var row in events)
        {
            if (wanted[row.SiteId].Any(types => types.Split(',').Contains(row.Type)))
            {
                isWanted = true;
            }
            else
            {
                row.DueAt = null;
            }
        }

        await db.InsertNewAsync(events, ct);
        if (isWanted)
        {
            db.OnCommitted(fanOut.Wake);
        }
    }

    private static async Task<ILookup<Guid, string>> WantedAsync(GatewayDb db, List<Guid> sites, CancellationToken ct) =>
        (
            await db
                .Hooks.AsNoTracking()
                .Where(hook => sites.Contains(hook.SiteId) && hook.EndedAt == null)
                .Select(hook => new { hook.SiteId, hook.Event })
                .ToListAsync(ct)
        ).ToLookup(hook => hook.SiteId, hook => hook.Event);
}
