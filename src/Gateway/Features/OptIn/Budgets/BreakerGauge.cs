using System.Collections.Concurrent;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>How many of those whom a site asked at one domain have confirmed, as counted a moment ago.</summary>
/// <param name="BestDay">The most who confirmed of any day's askings within the last 14 days.</param>
internal sealed record BreakerCount(int UnconfirmedHour, int ConfirmedHour, int UnconfirmedDay, int ConfirmedDay, int BestDay);

/// <summary>
/// The circuit breaker of one site and domain. How much may be without an answer follows from how much is usually confirmed:
/// in a day max(floor, r × the best day of 14, r × confirmed today), in an hour max(floor / 2, that / 6, r × confirmed this hour).
/// The shape is that of authgear's protection against SMS pumping (docs/specs/fraud-protection.md); its ratio is that of codes, which
/// nearly everybody types, so r is higher here.
/// </summary>
internal sealed class BreakerGauge(int floor, double ratio, bool enforce)
{
    /// <summary>Above its limit it is recorded; above so many times its limit it holds.</summary>
    private const int HoldsAt = 2;

    /// <summary>A count this old is made anew.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private BreakerCount _count = new(0, 0, 0, 0, 0);
    private int _granted;

    public BreakerState State { get; private set; }

    /// <summary>What the row says, as far as this process knows.</summary>
    public BreakerState Stored { get; set; }

    private DateTime _countedAt;

    public int Unconfirmed => _count.UnconfirmedDay + _granted;

    public int Confirmed => _count.ConfirmedDay;

    private double DayLimit => Math.Max(floor, ratio * Math.Max(_count.BestDay, _count.ConfirmedDay));

    private double HourLimit => Math.Max(Math.Max(floor / 2.0, DayLimit / 6), ratio * _count.ConfirmedHour);

    /// <summary>
    /// Whether it is worth a look at the rows. Most domains are asked once or twice, and for them this process's own count is enough.
    /// </summary>
    /// <param name="more">Mails that are to go out now.</param>
    public bool NeedsCount(int more, DateTime now) =>
        (State != BreakerState.Calm || Stored != BreakerState.Calm || Unconfirmed + more > floor / 4)
        && (_countedAt + Fresh <= now || _countedAt > now);

    public void Set(BreakerCount count, BreakerState stored, DateTime now)
    {
        lock (_lock)
        {
            (_count, _granted, _countedAt, Stored) = (count, 0, now, stored);
            State = StateAfter(stored);
        }
    }

    /// <returns>False when the mail has to wait.</returns>
    public bool Take()
    {
        lock (_lock)
        {
            State = StateAfter(State);
            if (State == BreakerState.Holding && enforce)
            {
                return false;
            }

            _granted++;
            State = StateAfter(State);
            return true;
        }
    }

    private BreakerState StateAfter(BreakerState before)
    {
        var load = Math.Max(Unconfirmed / DayLimit, (_count.UnconfirmedHour + _granted) / HourLimit);
        return load <= 1 ? BreakerState.Calm
            : load >= HoldsAt || before == BreakerState.Holding ? BreakerState.Holding
            : BreakerState.Recorded;
    }
}

/// <summary>The gauges of this process. They are counted anew after some seconds; between that each counts what it let pass.</summary>
internal sealed class BreakerGauges
{
    private const int Max = 10_000;

    private readonly ConcurrentDictionary<(Guid SiteId, string Domain), BreakerGauge> _gauges = new();

    public BreakerGauge Of((Guid SiteId, string Domain) key, Func<BreakerGauge> make)
    {
        if (_gauges.Count >= Max)
        {
            _gauges.Clear();
        }

        return _gauges.GetOrAdd(key, _ => make());
    }
}
