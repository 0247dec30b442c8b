using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Which sign-up each of a person's subscriptions comes from.</summary>
internal sealed class SignUps(GatewayDb db)
{
    /// <returns>By list, the submission that asked for it last; none where the last one came another way.</returns>
    public async Task<Dictionary<Guid, Guid>> SubmissionsOfAsync(Guid contactId, CancellationToken ct)
    {
        var requests = await db
            .OptInRequests.Where(one =>
                one.ContactId == contactId
                && (one.State == OptInState.Pending || one.State == OptInState.Held || one.State == OptInState.Confirmed)
            )
            .Select(one => new
            {
                one.ListId,
                one.CreatedAt,
                one.SubmissionId,
            })
            .ToListAsync(ct);
        return requests
            .GroupBy(one => one.ListId)
            .Select(list => list.MaxBy(one => one.CreatedAt)!)
            .Where(last => last.SubmissionId is not null)
            .ToDictionary(last => last.ListId, last => last.SubmissionId!.Value);
    }

    /// <returns>By subscription, since when the person has been asked to confirm it, UTC.</returns>
    public async Task<Dictionary<Guid, DateTime>> AskedSinceAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct) =>
        subscriptionIds.Count == 0
            ? []
            : await db
                .OptInRequests.Where(one =>
                    subscriptionIds.Contains(one.SubscriptionId) && (one.State == OptInState.Pending || one.State == OptInState.Held)
                )
                .GroupBy(one => one.SubscriptionId)
                .Select(same => new { same.Key, Since = same.Min(one => one.CreatedAt) })
                .ToDictionaryAsync(one => one.Key, one => one.Since, ct);

    /// <summary>
    /// The submissions because of which somebody was asked to confirm a list, for a query of the caller: in an index by their ids.
    /// </summary>
    public IQueryable<Guid> SubmissionsFor(Guid listId) =>
        db.OptInRequests.Where(one => one.ListId == listId && one.SubmissionId != null).Select(one => one.SubmissionId!.Value);

    /// <summary>What a submission asked people to confirm, in the order of its form.</summary>
    public Task<List<OptInRequest>> OfSubmissionAsync(Guid siteId, Guid submissionId, CancellationToken ct) =>
        db
            .OptInRequests.AsNoTracking()
            .Where(one => one.SiteId == siteId && one.SubmissionId == submissionId)
            .OrderBy(one => one.Id)
            .ToListAsync(ct);

    /// <returns>Null when the site has no such request.</returns>
    public Task<OptInRequest?> FindAsync(Guid siteId, Guid requestId, CancellationToken ct) =>
        db.OptInRequests.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId && one.Id == requestId, ct);
}
