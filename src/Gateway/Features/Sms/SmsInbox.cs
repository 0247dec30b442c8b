using Gateway.Features.Contacts;
using Gateway.Features.Sms.Guard;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>A message to be stored, and the policy whose limits it spends.</summary>
/// <param name="Country">Where it goes to, as ISO 3166 letters; null for no country.</param>
/// <param name="Cost">What it may cost, in ten-thousandths of a euro.</param>
internal sealed record NewSms(SmsMessage Sms, SmsPolicy Policy, string? Country, int Cost);

/// <summary>What stands under a new message's key.</summary>
internal abstract record SmsStored
{
    public sealed record New : SmsStored;

    /// <summary>Another call with the same key was first.</summary>
    public sealed record Before(SmsMessage Sms) : SmsStored;

    /// <summary>The owner of the number asked for no more messages; nothing was stored.</summary>
    public sealed record Suppressed : SmsStored;

    /// <summary>A limit does not hold it; nothing was stored.</summary>
    public sealed record OverLimit(SmsLimit Limit) : SmsStored;
}

/// <summary>
/// Stores messages in groups: those that ask at the same moment share one transaction. Each spends its site's limits, which are a few rows
/// that all of a site's messages change, and would otherwise wait for each other's commits.
/// </summary>
internal sealed class SmsInbox : IAsyncDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly Signal<SendSms> _signal;
    private readonly SmsMetrics _metrics;
    private readonly GroupCommit<NewSms, SmsStored> _commits;

    public SmsInbox(IServiceScopeFactory scopes, Signal<SendSms> signal, SmsMetrics metrics) =>
        (_scopes, _signal, _metrics, _commits) = (scopes, signal, metrics, new(StoreAsync));

    /// <returns>After the commit is on the disk.</returns>
    public Task<SmsStored> StoreAsync(NewSms message, CancellationToken ct) => _commits.AddAsync(message).WaitAsync(ct);

    /// <summary>Ends when all that was taken in is stored.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<IReadOnlyList<SmsStored>> StoreAsync(IReadOnlyList<NewSms> group)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var firsts = group.DistinctBy(Key).OrderBy(one => one.Sms.SiteId).ThenBy(one => one.Sms.Key, StringComparer.Ordinal).ToList();
        if (group.Count > 1 && await TryAsync(firsts, services) is SmsStored.New)
        {
            var byKey = firsts.ToDictionary(Key);
            return
            [
                .. group.Select(one =>
                    ReferenceEquals(byKey[Key(one)], one) ? new SmsStored.New() : (SmsStored)new SmsStored.Before(byKey[Key(one)].Sms)
                ),
            ];
        }

        // One alone, or one of them was there before, is suppressed or over a limit: then each by itself.
        var outcomes = new List<SmsStored>();
        foreach (var one in group)
        {
            outcomes.Add(await TryAsync([one], services));
        }

        return outcomes;
    }

    /// <summary>Stores all of them, or none.</summary>
    private async Task<SmsStored> TryAsync(IReadOnlyList<NewSms> messages, IServiceProvider services)
    {
        var (db, suppressions, budget) = (
            services.GetRequiredService<GatewayDb>(),
            services.GetRequiredService<Suppressions>(),
            services.GetRequiredService<SmsBudget>()
        );
        try
        {
            return await db.WriteAsync(
                async () =>
                {
                    // The unique key decides between calls at the same time; only the one that made the row spends.
                    if (await db.InsertNewAsync([.. messages.Select(one => one.Sms)], CancellationToken.None) < messages.Count)
                    {
                        throw new Undo(new SmsStored.Before(await FindAsync(messages[0], db)));
                    }

                    if (
                        (
                            await suppressions.FindAsync(
                                SuppressionChannel.Sms,
                                [.. messages.Select(one => (one.Sms.SiteId, one.Sms.Recipient))],
                                CancellationToken.None
                            )
                        ).Count > 0
                    )
                    {
                        throw new Undo(new SmsStored.Suppressed());
                    }

                    var spent = await budget.SpendAsync(messages, CancellationToken.None);
                    if (spent.Reached is { } reached)
                    {
                        throw new Undo(new SmsStored.OverLimit(reached));
                    }

                    db.OnCommitted(() => _metrics.Noted(spent.Noted));
                    db.OnCommitted(_signal.Wake);
                    return new SmsStored.New();
                },
                CancellationToken.None
            );
        }
        catch (Undo undone)
        {
            if (messages is [var one] && undone.Outcome is SmsStored.OverLimit { Limit: var limit })
            {
                await RefusedAsync(one.Sms.SiteId, limit, services);
            }

            return undone.Outcome;
        }
    }

    /// <summary>What was refused is undone, so that it was is noted by itself.</summary>
    private async Task RefusedAsync(Guid siteId, SmsLimit limit, IServiceProvider services)
    {
        _metrics.Refused(limit);
        if (limit is SmsLimit.UnusedOfCountry or SmsLimit.UnusedOfVisitor or SmsLimit.CountriesOfVisitor)
        {
            await services
                .GetRequiredService<GatewayDb>()
                .WriteAsync(
                    () => services.GetRequiredService<SmsGuardReport>().NoteAsync(siteId, [limit], CancellationToken.None),
                    CancellationToken.None
                );
        }
    }

    /// <summary>Of several, whichever: they are tried by themselves then.</summary>
    private static async Task<SmsMessage> FindAsync(NewSms message, GatewayDb db) =>
        await db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == message.Sms.SiteId && row.Key == message.Sms.Key)
        ?? message.Sms;

    private static (Guid SiteId, string Key) Key(NewSms message) => (message.Sms.SiteId, message.Sms.Key);

    /// <summary>Undoes the transaction.</summary>
    private sealed class Undo(SmsStored outcome) : Exception
    {
        public SmsStored Outcome => outcome;
    }
}
