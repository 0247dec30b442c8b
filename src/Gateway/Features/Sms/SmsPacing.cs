using System.Collections.Concurrent;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>
/// Keeps to the number of messages a second that a provider takes for one sender, together with every other gateway on the database.
/// </summary>
internal sealed class SmsPacing(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Whose turn comes later than this gives its row back instead of waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _sentAway = new();

    /// <summary>Waits for the sender's next turn.</summary>
    /// <returns>Null when it is this message's turn; else when to come again.</returns>
    public async Task<DateTime?> WaitAsync(SmsCarrier carrier, string? sender, CancellationToken ct)
    {
        if (carrier.Account.MessagesPerSecond <= 0)
        {
            return null;
        }

        // A connection may name any account: it has a pace of its own.
        var account = carrier.ConnectionId?.ToString("N") ?? carrier.Account.Name;
        var name = $"{carrier.Provider.Name} {account} {sender ?? carrier.Account.Senders[0]}";
        var interval = TimeSpan.FromSeconds(1 / carrier.Account.MessagesPerSecond);
        var turn = await ReserveAsync(name, interval, ct);
        if (turn.IsMine)
        {
            var wait = turn.At - clock.GetUtcNow().UtcDateTime;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, ct);
            return null;
        }

        // Those sent away come back one after the other, as far as can be foreseen.
        return turn.At + (_sentAway.AddOrUpdate(name, 0, (_, before) => before + 1) * interval);
    }

    private async Task<(DateTime At, bool IsMine)> ReserveAsync(string sender, TimeSpan interval, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var now = Microseconds(clock.GetUtcNow().UtcDateTime);
        var step = (long)interval.TotalMicroseconds;
        var latest = now + (long)Patience.TotalMicroseconds;
        return await db.WriteAsync(
            async () =>
            {
                var free = await db
                    .Database.SqlQuery<long>(
                        $"""
                        insert into sms_pace (sender, free_at) values ({sender}, {now + step})
                        on conflict (sender) do update set free_at = {step} + case when sms_pace.free_at > {now} then sms_pace.free_at else {now} end
                        where sms_pace.free_at <= {latest} returning free_at as "Value"
                        """
                    )
                    .ToListAsync(ct);
                return free.Count > 0
                    ? (DateTime.UnixEpoch.AddMicroseconds(free[0] - step), true)
                    : (
                        DateTime.UnixEpoch.AddMicroseconds(
                            await db.SmsPace.Where(row => row.Sender == sender).Select(row => row.FreeAt).SingleAsync(ct)
                        ),
                        false
                    );
            },
            ct
        );
    }

    private static long Microseconds(DateTime time) => (long)(time - DateTime.UnixEpoch).TotalMicroseconds;
}
