using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>Events that name the person. One that tells of a submission has the submission's id.</summary>
internal sealed class EventPersonalData(GatewayDb db) : IPersonalData
{
    public Task EraseAsync(DataSubject person, CancellationToken ct) =>
        db.Events.Where(row => row.ContactId == person.ContactId || person.Submissions.Contains(row.Id)).ExecuteDeleteAsync(ct);

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        db.Events.Where(row => row.Id == signUp.SubmissionId).ExecuteDeleteAsync(ct);
}
