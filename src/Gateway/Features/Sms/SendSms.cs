using Gateway.Features.Contacts;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Sms;

/// <summary>
/// The worker of SMS. What is to be done with a due row follows from its state: waiting, it is handed over; found as sending, its worker
/// died in the
/// middle of a call; unknown, it is looked for at the provider; sent, the provider is asked what became of it; at its end, what it cost.
/// </summary>
internal sealed partial class SendSms(
    Leases leases,
    SmsSettingsCache settings,
    Suppressions suppressions,
    SmsBudget budget,
    HandOverSms handOver,
    SmsWrites writes,
    IEnumerable<SmsProviderRegistration> providers,
    IServiceProvider services,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<SendSms> logger
) : IQueueWorker
{
    /// <summary>Two batches side by side, so that one that waits for a slow provider does not hold up the rest.</summary>
    public const int Loops = 2;

    private const int AtOnce = 16;
    private const int Batch = 64;

    /// <summary>
    /// No row of a batch is begun later than this; with the providers' time limits and a minute to spare it is the lease.
    /// </summary>
    private static readonly TimeSpan Shift = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<SmsMessage>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<SmsMessage>(Batch, Shift + MaxCalls() + Spare, ct);
        if (rows.Count == 0)
        {
            await budget.TidyAsync(ct);
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        var sites = new Dictionary<Guid, SiteSms>();
        foreach (var siteId in rows.Select(row => row.SiteId).Distinct())
        {
            sites[siteId] = await settings.OfAsync(siteId, ct);
        }

        // Read as late as can be: somebody may have said stop since it was taken in.
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Sms, [.. rows.Select(row => (row.SiteId, row.Recipient))], ct);
        await Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (row, _) =>
            {
                if (ct.IsCancellationRequested || clock.GetUtcNow() > deadline)
                {
                    row.DueAt = clock.GetUtcNow().UtcDateTime;
                    await writes.PostponeAsync(row);
                    return;
                }

                await AdvanceAsync(row, sites[row.SiteId], suppressed.ContainsKey((row.SiteId, row.Recipient)), ct);
            }
        );
        return rows.Count;
    }

    private async Task AdvanceAsync(SmsMessage row, SiteSms site, bool isSuppressed, CancellationToken ct)
    {
        try
        {
            var now = clock.GetUtcNow().UtcDateTime;
            if (row.State is SmsState.Scheduled or SmsState.Queued && site.Quiet?.Earliest(now) is { } earliest && earliest > now)
            {
                // It was due before, and waited or failed into the quiet hours.
                (row.State, row.SendAt, row.DueAt) = (SmsState.Scheduled, earliest, earliest);
                await writes.KeepQuietAsync(row);
                return;
            }

            await (
                row.State switch
                {
                    SmsState.Scheduled or SmsState.Queued => handOver.SendAsync(row, site, isSuppressed, ct),
                    SmsState.Sending => handOver.InterruptedAsync(row),
                    _ => FollowAsync(row, site),
                }
            );
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // One row must not hold up its neighbours; it comes due again when its lease ends.
            LogFailed(row.Id, failed);
        }
    }

    /// <summary>Several rows are followed at once, and each reads and writes by itself.</summary>
    private async Task FollowAsync(SmsMessage row, SiteSms site)
    {
        await using var scope = scopes.CreateAsyncScope();
        var follow = scope.ServiceProvider.GetRequiredService<FollowSms>();
        await (
            row.State switch
            {
                SmsState.Unknown => follow.LookForAsync(row, site),
                SmsState.Sent => follow.AskAboutAsync(row, site),
                _ => follow.AskForPriceAsync(row, site),
            }
        );
    }

    private TimeSpan MaxCalls() =>
        providers
            .Select(one => services.GetRequiredKeyedService<ISmsProvider>(one.Name).TimeLimit)
            .Aggregate(TimeSpan.Zero, (sum, limit) => sum + limit);

    [LoggerMessage(LogLevel.Error, "SMS {SmsId} could not be brought on; it comes due again by itself")]
    private partial void LogFailed(Guid smsId, Exception exception);
}
