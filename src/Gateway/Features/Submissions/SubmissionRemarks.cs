using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>What of people was left out when they signed up by a form. The visitor was thanked: the owner sees it here.</summary>
internal sealed class SubmissionRemarks(GatewayDb db, SignUps signUps) : ISubscriptionRemarks
{
    public async Task<Dictionary<Guid, string>> OfContactAsync(Guid contactId, CancellationToken ct)
    {
        var submissions = await signUps.SubmissionsOfAsync(contactId, ct);
        var ids = submissions.Values.Distinct().ToList();
        var rows = ids.Count == 0 ? [] : await db.Submissions.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(ct);
        var remarks = new Dictionary<Guid, string>();
        foreach (var (list, id) in submissions)
        {
            if (rows.Find(row => row.Id == id) is { } row && SubmissionPlan.RemarkOn(row, list) is { } remark)
            {
                remarks[list] = remark;
            }
        }

        return remarks;
    }
}
