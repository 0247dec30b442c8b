using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>A submission stays as a number in the statistics; what the person typed goes.</summary>
internal sealed class SubmissionPersonalData(GatewayDb db) : IPersonalData
{
    public Task EraseAsync(DataSubject person, CancellationToken ct) => EmptyAsync(person.Submissions, ct);

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        signUp.SubmissionId is { } id ? EmptyAsync([id], ct) : Task.CompletedTask;

    private Task EmptyAsync(IReadOnlyList<Guid> ids, CancellationToken ct) =>
        db
            .Submissions.Where(row => ids.Contains(row.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Body, "{}"u8.ToArray()).SetProperty(row => row.Visitor, (byte[]?)null),
                ct
            );
}
