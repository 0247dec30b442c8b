using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>
/// Messages to and from the numbers a person told of. A message stays as a number in the statistics and under its caller's key, so that a
/// repeated call does not send it again.
/// </summary>
internal sealed class SmsPersonalData(GatewayDb db) : IPersonalData
{
    private const int MaxNumberLength = 40;

    public string Kind => "sms";

    public Task<DataSubject> KnowAsync(DataSubject person, CancellationToken ct) =>
        Task.FromResult(
            person with
            {
                Numbers =
                [
                    .. person
                        .Texts.Where(text => text.Length <= MaxNumberLength && text.Any(char.IsDigit))
                        .Select(text => PhoneNumber.Parse(text, null, out _)?.Number)
                        .OfType<string>()
                        .Distinct(),
                ],
            }
        );

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        if (person.Numbers.Count == 0)
        {
            return 0;
        }

        var mine = db.Sms.Where(row => row.SiteId == person.SiteId && person.Numbers.Contains(row.Recipient));
        var ids = await mine.Select(row => (Guid?)row.Id).ToListAsync(ct);
        var replies = await db
            .InboundEvents.Where(row =>
                row.SiteId == person.SiteId && (ids.Contains(row.SmsId) || (row.From != null && person.Numbers.Contains(row.From)))
            )
            .ExecuteDeleteAsync(ct);
        await mine.Where(row => row.State == SmsState.Scheduled || row.State == SmsState.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SmsState.Cancelled), ct);
        return replies
            + await mine.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.Recipient, "")
                        .SetProperty(row => row.Text, "")
                        .SetProperty(row => row.Visitor, (string?)null)
                        .SetProperty(row => row.DueAt, (DateTime?)null),
                ct
            );
    }

    /// <summary>Nobody is sent an SMS about a sign-up.</summary>
    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;
}
