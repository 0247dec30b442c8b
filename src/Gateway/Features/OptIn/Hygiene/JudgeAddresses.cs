using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// Judges all addresses again once a day, since the rules change: with a version of the program, or when the operator names another list
/// of domains. Only what is different is written. The same pass forgets soft bounces that are long over.
/// </summary>
internal sealed class JudgeAddresses(
    GatewayDb db,
    ContactStore contacts,
    SignsOfLife signs,
    AddressFlaws flaws,
    JudgingPass pass,
    TimeProvider clock
) : IQueueWorker
{
    private const int Batch = 2_000;
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => Task.FromResult<DateTime?>(pass.NextAt);

    /// <returns>0 once all were judged, so that there is a pause before the next pass.</returns>
    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now < pass.NextAt)
        {
            return 0;
        }

        var page = await contacts.AddressesAsync(pass.After, Batch, ct);
        var changed = page.Select(one => (one.ContactId, one.Flaw, Now: flaws.Of(one.Key))).Where(one => one.Flaw != one.Now);
        foreach (var same in changed.GroupBy(one => one.Now, one => one.ContactId).ToList())
        {
            await db.WriteAsync(() => contacts.JudgeAsync([.. same], same.Key, ct), ct);
        }

        if (page.Count == Batch)
        {
            pass.After = page[^1].ContactId;
            return page.Count;
        }

        await db.WriteAsync(() => signs.TidyAsync(DateOnly.FromDateTime(now), ct), ct);
        (pass.After, pass.NextAt) = (Guid.Empty, now + Every);
        return 0;
    }
}

/// <summary>How far this process has got. The first pass is not at the start, when there is enough to do.</summary>
internal sealed class JudgingPass(TimeProvider clock)
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);

    public DateTime NextAt { get; set; } = (clock.GetUtcNow() + AfterStart).UtcDateTime;

    /// <summary>The last contact that was judged.</summary>
    public Guid After { get; set; }
}
