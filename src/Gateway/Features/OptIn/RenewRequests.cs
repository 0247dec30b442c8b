using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>A request that nobody has answered yet.</summary>
/// <param name="MailOf">The request whose mail asks for it (<see cref="OptInRequest.MailOf"/>).</param>
internal sealed record OpenRequest(
    Guid Id,
    Guid MailOf,
    Guid SiteId,
    Guid ContactId,
    Guid ListId,
    Guid SubscriptionId,
    DateTime CreatedAt,
    DateTime ExpiresAt,
    OptInState State
);

/// <summary>
/// The mail of a request says how long its link is valid, so that time begins when the mail leaves, however long it had to wait for the
/// server or for an operator.
/// </summary>
internal sealed class RenewRequests(GatewayDb db, SubscriptionStore subscriptions, Events events, TimeProvider clock)
{
    /// <summary>A mail that left this late says the truth all the same, in days; most leave at once, and cost no statement.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>What a subscription is after a sign-up that nobody answered.</summary>
    private static readonly SubscriptionState[] Ended = [SubscriptionState.Expired, SubscriptionState.Unsubscribed];

    /// <summary>
    /// Those that wait for an answer, and those whose time ended while their mail stood as failed, unless a newer one of the same
    /// subscription was answered or waits.
    /// </summary>
    /// <param name="requestIds">Requests with a mail of their own.</param>
    /// <returns>By the request whose mail it is: all that the mail asks for.</returns>
    public async Task<ILookup<Guid, OpenRequest>> OpenAsync(IReadOnlyCollection<Guid> requestIds, CancellationToken ct)
    {
        var found =
            requestIds.Count == 0
                ? []
                : await db
                    .OptInRequests.AsNoTracking()
                    .Where(row => requestIds.Contains(row.Id) || (row.LeadId != null && requestIds.Contains(row.LeadId.Value)))
                    .Where(row => row.State == OptInState.Pending || row.State == OptInState.Expired)
                    .OrderBy(row => row.Id)
                    .Select(row => new OpenRequest(
                        row.Id,
                        row.LeadId ?? row.Id,
                        row.SiteId,
                        row.ContactId,
                        row.ListId,
                        row.SubscriptionId,
                        row.CreatedAt,
                        row.ExpiresAt,
                        row.State
                    ))
                    .ToListAsync(ct);
        if (found.Exists(IsExpired))
        {
            var joined = await subscriptions.GetManyAsync([.. found.Where(IsExpired).Select(one => one.SubscriptionId).Distinct()], ct);
            found.RemoveAll(one => IsExpired(one) && !RanOut(one, joined.GetValueOrDefault(one.SubscriptionId)?.Subscription));
        }

        return found.ToLookup(one => one.MailOf);
    }

    /// <summary>To be called when the mails are about to leave.</summary>
    public async Task RenewAsync(IReadOnlyCollection<OpenRequest> leaving, CancellationToken ct)
    {
        var ends = (clock.GetUtcNow() + LinkTokens.ConfirmLifetime).UtcDateTime;
        var late = leaving.Where(one => one.ExpiresAt < ends - Slack).ToList();
        if (late.Count > 0)
        {
            await db.WriteAsync(() => RenewAsync(late, ends, ct), ct);
        }
    }

    private async Task RenewAsync(List<OpenRequest> late, DateTime ends, CancellationToken ct)
    {
        var ids = late.ConvertAll(one => one.Id);
        var mails = late.Select(one => one.MailOf).Distinct().ToList();
        var leads = db.OptInRequests.Where(lead => mails.Contains(lead.Id)).Select(lead => lead.SubscriptionId);
        await db
            .OptInRequests.Where(row => ids.Contains(row.Id) && (row.State == OptInState.Pending || row.State == OptInState.Expired))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, OptInState.Pending)
                        .SetProperty(row => row.ExpiresAt, ends)
                        .SetProperty(row => row.DueAt, (DateTime?)ends),
                ct
            );
        await db
            .LinkTokens.Where(link =>
                leads.Contains(link.SubscriptionId) && link.RequestId != null && mails.Contains(link.RequestId.Value)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ExpiresAt, ends), ct);

        foreach (var again in late.Where(IsExpired).DistinctBy(one => one.SubscriptionId))
        {
            if (await subscriptions.MoveAsync(again.SubscriptionId, Ended, SubscriptionState.Pending, ct))
            {
                var happened = events.Of(
                    EventTypes.SubscriptionPending,
                    again.SiteId,
                    again.ContactId,
                    new
                    {
                        contact = PublicId.Format(PublicId.Contact, again.ContactId),
                        list = PublicId.Format(PublicId.List, again.ListId),
                    }
                );
                await events.WriteAsync(db, [happened], ct);
            }
        }
    }

    private static bool IsExpired(OpenRequest one) => one.State == OptInState.Expired;

    /// <summary>Nothing happened since its time ended. Who had left before they signed up again is where they were.</summary>
    private static bool RanOut(OpenRequest one, Subscription? subscription) =>
        subscription?.State == SubscriptionState.Expired
        || (subscription?.State == SubscriptionState.Unsubscribed && subscription.LeftAt < one.CreatedAt);
}
