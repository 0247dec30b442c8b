using System.Text.Json;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>
/// Events that name the person, and with them what hooks were or would be told. One that tells of a submission has the submission's id; one
/// that tells of an SMS has the number in its text.
/// </summary>
internal sealed class EventPersonalData(GatewayDb db) : IPersonalData
{
    private const string OfSms = "sms.";

    public string Kind => "events";

    /// <summary>What hooks were told is what happened to the person, which others show; here is who heard of it.</summary>
    public async Task<KeptData> ReadAsync(DataSubject person, CancellationToken ct)
    {
        var about = db
            .Events.Where(row =>
                row.SiteId == person.SiteId && (row.ContactId == person.ContactId || person.Submissions.Contains(row.Id))
            )
            .Select(row => row.Id);
        return new(
            [],
            await db
                .Deliveries.Where(row => row.State == DeliveryState.Delivered && about.Contains(row.EventId))
                .Select(row => row.Host)
                .Distinct()
                .OrderBy(host => host)
                .Take(KeptData.Most)
                .ToListAsync(ct)
        );
    }

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        var erased = await db
            .Events.Where(row => row.ContactId == person.ContactId || person.Submissions.Contains(row.Id))
            .ExecuteDeleteAsync(ct);
        foreach (var number in person.Numbers)
        {
            // As the serializer wrote it, so that a longer number is not taken for it.
            var written = JsonSerializer.Serialize(number, JsonSerializerOptions.Web);
            erased += await db
                .Events.Where(row => row.SiteId == person.SiteId && row.Type.StartsWith(OfSms) && row.Data.Contains(written))
                .ExecuteDeleteAsync(ct);
        }

        return erased;
    }

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        db.Events.Where(row => row.Id == signUp.SubmissionId).ExecuteDeleteAsync(ct);
}
