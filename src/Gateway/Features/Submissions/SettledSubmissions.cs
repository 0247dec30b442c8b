using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <summary>Submissions whose every wish was begun.</summary>
internal sealed class SettledSubmissions(GatewayDb db, SubmissionAddresses addresses)
    : SettledRows<Submission>(db, row => row.State == SubmissionState.Done && row.DueAt == null)
{
    protected override async Task<int> DeleteAsync(List<Guid> ids, CancellationToken ct)
    {
        await addresses.ForgetAsync(ids, ct);
        return await base.DeleteAsync(ids, ct);
    }
}
