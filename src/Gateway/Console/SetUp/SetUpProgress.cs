using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Console.SetUp;

/// <summary>How far the set-up has come. Sites and lists speak for themselves; what cannot be seen is noted.</summary>
internal sealed class SetUpProgress(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    IEnumerable<SampleSite> samples,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <returns>The steps that somebody did or skipped.</returns>
    public async Task<IReadOnlyDictionary<string, SetUpState>> ReadAsync(CancellationToken ct)
    {
        var states = await db.SetUpSteps.AsNoTracking().ToDictionaryAsync(step => step.Step, step => step.State, ct);
        var real = await SitesAsync(ct);
        if (real.Count > 0)
        {
            states[SetUpSteps.Site] = SetUpState.Done;
            if ((await lists.OfSitesAsync([.. real.Select(site => site.Id)], ct)).Count > 0)
            {
                states[SetUpSteps.List] = SetUpState.Done;
            }
        }

        return states;
    }

    /// <returns>Whether nobody has begun: there is no site but such as a first run brings along.</returns>
    public async Task<bool> IsFirstStartAsync(CancellationToken ct) =>
        !await db.SetUpSteps.AnyAsync(ct) && (await SitesAsync(ct)).Count == 0;

    /// <summary>The sites that somebody added, the oldest first.</summary>
    public async Task<IReadOnlyList<Site>> SitesAsync(CancellationToken ct) =>
        [.. (await sites.ListAsync(only: null, ct)).Where(site => samples.All(sample => sample.Id != site.Id))];

    /// <summary>Notes what became of a step and records it. What was done stays done when it is skipped later.</summary>
    /// <param name="actor">As <see cref="AuditEntry.Actor"/>.</param>
    public Task MarkAsync(string step, SetUpState state, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                db.ChangeTracker.Clear();
                var known = await db.SetUpSteps.SingleOrDefaultAsync(one => one.Step == step, ct);
                if (known is not null && (known.State == state || known.State == SetUpState.Done))
                {
                    return;
                }

                known ??= db.SetUpSteps.Add(new() { Step = step, Actor = actor }).Entity;
                (known.State, known.Actor, known.At) = (state, actor, clock.GetUtcNow().UtcDateTime);
                await db.SaveChangesAsync(ct);
                await audit.RecordAsync(null, actor, state == SetUpState.Done ? "setup.done" : "setup.skipped", step, ct);
            },
            ct
        );
}
