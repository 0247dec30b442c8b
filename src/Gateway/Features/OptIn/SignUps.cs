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
}
