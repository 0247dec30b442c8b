using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>A submission stays as a number in the statistics; what the person typed goes.</summary>
internal sealed class SubmissionPersonalData(GatewayDb db, SubmissionAddresses addresses) : IPersonalData
{
    public string Kind => "submissions";

    /// <summary>Also those without a box, and those to other forms.</summary>
    public async Task<DataSubject> KnowAsync(DataSubject person, CancellationToken ct)
    {
        var found = await addresses.OfAsync(person.SiteId, person.AddressKey, ct);
        var all = person.Submissions.Concat(found).Distinct().ToList();
        return person with { Submissions = all, Texts = [.. person.Texts, .. await addresses.TextsOfAsync(all, ct)] };
    }

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        await addresses.ForgetAsync(person.Submissions, ct);

        // Nothing of it waits or can be tried again any more.
        return await db
            .Submissions.Where(row => person.Submissions.Contains(row.Id))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.Body, "{}"u8.ToArray())
                        .SetProperty(row => row.Visitor, (byte[]?)null)
                        .SetProperty(row => row.Override, (string?)null)
                        .SetProperty(row => row.State, SubmissionState.Done)
                        .SetProperty(row => row.FailureCode, (string?)null)
                        .SetProperty(row => row.Failure, (string?)null)
                        .SetProperty(row => row.DueAt, (DateTime?)null),
                ct
            );
    }

    public async Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct)
    {
        if (signUp.SubmissionId is { } id)
        {
            await addresses.ForgetAsync([id], ct);
            await db
                .Submissions.Where(row => row.Id == id)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Body, "{}"u8.ToArray()).SetProperty(row => row.Visitor, (byte[]?)null),
                    ct
                );
        }
    }
}
