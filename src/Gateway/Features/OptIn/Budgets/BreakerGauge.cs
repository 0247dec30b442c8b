using System.Collections.Concurrent;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>People of one visitor network who were asked and have not confirmed.</summary>
/// <param name="Network">See <see cref="OptInRequest.Network"/>; null is all of whom nobody knows where they came from.</param>
internal sealed record Unanswered(int? Network, int Hour, int Day);

/// <summary>How many of those whom a site asked at one domain have confirmed, as counted a moment ago.</summary>
/// <param name="BestDay">The most who confirmed of any day's askings within the last 14 days.</param>
internal sealed record BreakerCount(IReadOnlyList<Unanswered> Unanswered, int ConfirmedHour, int ConfirmedDay, int BestDay);

/// <summary>
/// The circuit breaker of one site and domain. How much may be without an answer follows from how much is usually confirmed:
/// in a day max(floor, r × the best day of 14, r × confirmed today), in an hour max(floor / 2, that / 6, r × confirmed this hour).
/// The shape is that of authgear's protection against SMS pumping (docs/specs/fraud-protection.md); its ratio is that of codes, which
/// nearly everybody types, so r is higher here.
/// </summary>
/// <remarks>
/// Above its limit it is recorded, at twice its limit it holds. One visitor could bring that about alone, so while it holds, a network
/// waits that brought a quarter of that or more; the others go on until what all of them brought, each counted up to its quarter, is as
/// much.
/// </remarks>
internal sealed class BreakerGauge(int floor, double ratio, bool enforce)
{
    /// <summary>Above its limit it is recorded; above so many times its limit it holds.</summary>
    private const int HoldsAt = 2;

    /// <summary>Of what makes it hold, one network counts for no more than one of so many parts.</summary>
    private const int Shares = 4;

    /// <summary>The network of those of whom nobody knows it; others are 32 bits long.</summary>
    private const long Unknown = long.MaxValue;

    /// <summary>A count this old is made anew.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<long, (int Hour, int Day)> _networks = [];
    private (int Hour, int Day) _confirmed;
    private (int Hour, int Day) _all;
    private (double Hour, double Day) _shared;
    private int _bestDay;
    private bool _holdsAll;

    public BreakerState State { get; private set; }

    /// <summary>What the row says, as far as this process knows.</summary>
    public BreakerState Stored { get; set; }

    private DateTime _countedAt;
    private bool _isWrong;

    public int Unconfirmed => _all.Day;

    public int Confirmed => _confirmed.Day;

    private double DayLimit => Math.Max(floor, ratio * Math.Max(_bestDay, _confirmed.Day));

    private double HourLimit => Math.Max(Math.Max(floor / 2.0, DayLimit / 6), ratio * _confirmed.Hour);

    private (double Hour, double Day) Share => (Math.Max(1, HourLimit * HoldsAt / Shares), Math.Max(1, DayLimit * HoldsAt / Shares));

    /// <summary>
    /// Whether it is worth a look at the rows. Most domains are asked once or twice, and for them this process's own count is enough.
    /// </summary>
    /// <param name="more">Mails that are to go out now.</param>
    public bool NeedsCount(int more, DateTime now) =>
        _isWrong
        || (
            (State != BreakerState.Calm || Stored != BreakerState.Calm || Unconfirmed + more > floor / 4)
            && (_countedAt + Fresh <= now || _countedAt > now)
        );

    /// <summary>Mails that it let pass did not go out, since their transaction was undone.</summary>
    public void Forget() => _isWrong = true;

    public void Set(BreakerCount count, BreakerState stored, DateTime now)
    {
        lock (_lock)
        {
            _networks = count.Unanswered.ToDictionary(one => one.Network ?? Unknown, one => (one.Hour, one.Day));
            (_confirmed, _bestDay) = ((count.ConfirmedHour, count.ConfirmedDay), count.BestDay);
            _all = (count.Unanswered.Sum(one => one.Hour), count.Unanswered.Sum(one => one.Day));
            var share = Share;
            _shared = (
                count.Unanswered.Sum(one => Math.Min(one.Hour, share.Hour)),
                count.Unanswered.Sum(one => Math.Min(one.Day, share.Day))
            );
            (_countedAt, _isWrong, Stored) = (now, false, stored);
            Judge(stored);
        }
    }

    /// <returns>False when the mail has to wait.</returns>
    public bool Take(int? network)
    {
        lock (_lock)
        {
            Judge(State);
            var (share, brought) = (Share, _networks.GetValueOrDefault(network ?? Unknown));
            var hasItsShare = brought.Hour >= share.Hour || brought.Day >= share.Day;
            if (State == BreakerState.Holding && enforce && (_holdsAll || hasItsShare))
            {
                return false;
            }

            _networks[network ?? Unknown] = (brought.Hour + 1, brought.Day + 1);
            _all = (_all.Hour + 1, _all.Day + 1);
            _shared = (
                _shared.Hour + Math.Clamp(share.Hour - brought.Hour, 0, 1),
                _shared.Day + Math.Clamp(share.Day - brought.Day, 0, 1)
            );
            Judge(State);
            return true;
        }
    }

    private void Judge(BreakerState before)
    {
        var load = Math.Max(_all.Day / DayLimit, _all.Hour / HourLimit);
        State =
            load <= 1 ? BreakerState.Calm
            : load >= HoldsAt || before == BreakerState.Holding ? BreakerState.Holding
            : BreakerState.Recorded;
        var shared = Math.Max(_shared.Day / DayLimit, _shared.Hour / HourLimit);
        _holdsAll = State == BreakerState.Holding && (shared >= HoldsAt || (_holdsAll && shared > 1));
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
