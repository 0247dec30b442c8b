using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>
/// Stores what happens to messages on their way, many at a time: that a call begins, before it does, and what it came to.
/// </summary>
internal sealed class SmsWrites : IAsyncDisposable
{
    private static readonly string[] MarkColumns =
    [
        nameof(SmsMessage.State),
        nameof(SmsMessage.Provider),
        nameof(SmsMessage.Tries),
        nameof(SmsMessage.CalledAt),
    ];

    private static readonly string[] OutcomeColumns =
    [
        nameof(SmsMessage.State),
        nameof(SmsMessage.ProviderId),
        nameof(SmsMessage.FailureCode),
        nameof(SmsMessage.Failure),
        nameof(SmsMessage.Price),
        nameof(SmsMessage.Currency),
        nameof(SmsMessage.SentAt),
        nameof(SmsMessage.DueAt),
        nameof(SmsMessage.Failures),
        nameof(SmsMessage.HeldBy),
    ];

    private readonly IServiceScopeFactory _scopes;
    private readonly Events _events;
    private readonly GroupCommit<SmsMessage, bool> _marks;
    private readonly GroupCommit<SmsMessage, bool> _outcomes;
    private readonly GroupCommit<SmsMessage, bool> _postponements;
    private readonly GroupCommit<SmsMessage, bool> _quiet;
    private readonly GroupCommit<SmsMessage, bool> _prices;

    public SmsWrites(IServiceScopeFactory scopes, Events events)
    {
        (_scopes, _events) = (scopes, events);
        _marks = new(rows =>
            WriteAsync(rows, db => db.UpdateLeasedAsync(rows, MarkColumns, "state in ('scheduled', 'queued', 'sending')", default))
        );
        _postponements = new(rows =>
            WriteAsync(
                rows,
                db => db.UpdateLeasedAsync(rows, [nameof(SmsMessage.DueAt), nameof(SmsMessage.Failures)], "due_at is not null", default)
            )
        );
        _quiet = new(rows =>
            WriteAsync(
                rows,
                db =>
                    db.UpdateLeasedAsync(
                        rows,
                        [nameof(SmsMessage.State), nameof(SmsMessage.SendAt), nameof(SmsMessage.DueAt)],
                        "state in ('scheduled', 'queued')",
                        default
                    )
            )
        );
        _prices = new(rows =>
            WriteAsync(
                rows,
                async (db, services) =>
                {
                    var written = await db.UpdateLeasedAsync(
                        rows,
                        [nameof(SmsMessage.Price), nameof(SmsMessage.Currency), nameof(SmsMessage.DueAt)],
                        "state in ('delivered', 'failed') and price is null",
                        default
                    );
                    await CorrectAsync(rows, written, services);
                    return written;
                }
            )
        );
        _outcomes = new(RecordOutcomesAsync);
    }

    /// <summary>Says that a call begins.</summary>
    /// <returns>False when it must not: the message was cancelled, brought to its end by a receipt, or taken by another worker.</returns>
    public Task<bool> MarkAsync(SmsMessage row) => _marks.AddAsync(row);

    /// <summary>Stores what a call came to, with its event. What a receipt has said in the meantime is not taken back.</summary>
    public Task RecordOutcomeAsync(SmsMessage row) => _outcomes.AddAsync(row);

    /// <summary>Gives the row back until <see cref="SmsMessage.DueAt"/>; null is for good.</summary>
    public Task PostponeAsync(SmsMessage row) => _postponements.AddAsync(row);

    /// <summary>Has the row wait, visibly, until its new time.</summary>
    public Task KeepQuietAsync(SmsMessage row) => _quiet.AddAsync(row);

    /// <summary>Stores what a message that has come to its end cost.</summary>
    public Task NotePriceAsync(SmsMessage row) => _prices.AddAsync(row);

    /// <summary>Ends when what a provider was asked is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var commits in (GroupCommit<SmsMessage, bool>[])[_marks, _outcomes, _postponements, _quiet, _prices])
        {
            await commits.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<bool>> RecordOutcomesAsync(IReadOnlyList<SmsMessage> rows)
    {
        return await WriteAsync(
            rows,
            async (db, services) =>
            {
                await services.GetRequiredService<Outages>().MarkAsync(db, rows, default);
                var recorded = await db.UpdateLeasedAsync(rows, OutcomeColumns, "state in ('scheduled', 'queued', 'sending')", default);
                await CorrectAsync([.. rows.Where(row => row.State == SmsState.Sent)], recorded, services);
                foreach (var late in rows.Where(row => !recorded.Contains(row.Id)))
                {
                    if (await RecordLateAsync(db, late))
                    {
                        recorded.Add(late.Id);
                    }
                }

                var happened = rows.Where(row => recorded.Contains(row.Id)).Select(ToEvent).OfType<Event>().ToList();
                await _events.WriteAsync(db, happened, default);
                foreach (var optedOut in rows.Where(row => row.FailureCode == SmsFailure.Suppressed && recorded.Contains(row.Id)))
                {
                    await services
                        .GetRequiredService<Suppressions>()
                        .AddAsync(
                            optedOut.SiteId,
                            SuppressionChannel.Sms,
                            optedOut.Recipient,
                            SuppressionReason.Unsubscribed,
                            optedOut.Provider ?? "api",
                            default
                        );
                }

                return recorded;
            }
        );
    }

    /// <summary>What became known of prices with these rows.</summary>
    private static Task CorrectAsync(IReadOnlyList<SmsMessage> rows, HashSet<Guid> written, IServiceProvider services) =>
        services
            .GetRequiredService<SmsBudget>()
            .CorrectAsync(rows.Where(row => row.Price is not null && written.Contains(row.Id)), default);

    /// <summary>
    /// The lease ran out during the call, or a receipt came first. The call's own number tells whether this is still about it:
    /// a definite answer replaces what has become unknown, and the provider's id is good to know in any case.
    /// </summary>
    private static async Task<bool> RecordLateAsync(GatewayDb db, SmsMessage row)
    {
        var mine = db.Sms.Where(one => one.Id == row.Id && one.Tries == row.Tries);
        await mine.Where(one => one.ProviderId == null).ExecuteUpdateAsync(set => set.SetProperty(one => one.ProviderId, row.ProviderId));
        return row.State != SmsState.Unknown
            && await mine.Where(one => one.State == SmsState.Unknown)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(one => one.State, row.State)
                        .SetProperty(one => one.FailureCode, row.FailureCode)
                        .SetProperty(one => one.Failure, row.Failure)
                        .SetProperty(one => one.SentAt, row.SentAt)
                        .SetProperty(one => one.DueAt, row.DueAt)
                ) > 0;
    }

    private Event? ToEvent(SmsMessage row)
    {
        var type = row.State switch
        {
            SmsState.Sent => EventTypes.SmsSent,
            SmsState.Failed => EventTypes.SmsFailed,
            SmsState.Unknown => EventTypes.SmsUnknown,
            _ => null,
        };
        return type is null ? null : _events.Of(type, row.SiteId, null, new { sms = SmsResponse.Of(row) });
    }

    private Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<SmsMessage> rows, Func<GatewayDb, Task<HashSet<Guid>>> write) =>
        WriteAsync(rows, (db, _) => write(db));

    /// <summary>Not cancelled with the program: what a provider was asked must be stored.</summary>
    private async Task<IReadOnlyList<bool>> WriteAsync(
        IReadOnlyList<SmsMessage> rows,
        Func<GatewayDb, IServiceProvider, Task<HashSet<Guid>>> write
    )
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var written = await db.WriteAsync(() => write(db, scope.ServiceProvider), CancellationToken.None);
        return [.. rows.Select(row => written.Contains(row.Id))];
    }
}
