using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
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

    /// <summary>
    /// All of what the person asked for a list with; of others, which may be somebody else's, only the fields that name them.
    /// </summary>
    public async Task<KeptData> ReadAsync(DataSubject person, CancellationToken ct)
    {
        var rows = await db
            .Submissions.AsNoTracking()
            .Where(row => row.SiteId == person.SiteId && person.Submissions.Contains(row.Id))
            .OrderByDescending(row => row.Id)
            .Take(KeptData.Most)
            .ToListAsync(ct);
        return new(
            [
                .. rows.Select(row => (Row: row, Content: SubmissionContent.Of(row)))
                    .Where(one => !one.Content.IsEmpty)
                    .Select(one => new KeptRecord(
                        one.Row.ReceivedAt,
                        one.Content.FormTitle ?? one.Content.FormUrl ?? PublicId.Format(PublicId.Submission, one.Row.Id),
                        FieldsOf(one.Row, one.Content, person)
                    )),
            ],
            []
        );
    }

    private static Dictionary<string, string> FieldsOf(Submission row, SubmissionContent content, DataSubject person)
    {
        var isTheirs = content.Addresses.Any(address => EmailAddress.Parse(address)?.Key == person.AddressKey);
        return SubmissionRequest
            .FieldsIn(row.Body)
            .Select(field => (field.Key, Value: field.Value.ToString()))
            .Where(field => isTheirs || field.Value.Contains(person.AddressKey, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(field => field.Key, field => field.Value);
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
