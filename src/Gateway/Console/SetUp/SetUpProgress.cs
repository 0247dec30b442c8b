using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SetUp;

/// <summary>How far the set-up has come. Sites, lists and mails that left speak for themselves; what cannot be seen is noted.</summary>
internal sealed class SetUpProgress(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    MessageStore messages,
    IEnumerable<SampleSite> samples,
    IOptions<MailOptions> mail,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>A server that took mails within this time is set up.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

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

            // The mailbox of a first run takes everything.
            var since = clock.GetUtcNow().UtcDateTime - Lately;
            if (
                mail.Value.Transport != MailOptions.MailboxTransport
                && await messages.HasSentAsync([.. real.Select(site => site.Id)], since, ct)
            )
            {
                states[SetUpSteps.Mail] = SetUpState.Done;
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
