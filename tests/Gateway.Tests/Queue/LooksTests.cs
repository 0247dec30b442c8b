using Gateway.Infrastructure.Queue;

namespace Gateway.Tests.Queue;

/// <summary>A worker that is fed from memory looks at its table seldom, and at once when there is something new.</summary>
public sealed class LooksTests : IDisposable
{
    private readonly StoppedClock _clock = new();
    private readonly QueueWorkerSignal _signal;

    public LooksTests() => _signal = new(_clock);

    [Fact]
    public void The_first_look_is_at_once()
    {
        Assert.True(_signal.IsTimeToLook);
    }

    [Fact]
    public void Where_nothing_was_found_the_next_look_is_a_little_later()
    {
        _signal.FoundNothing(_signal.News);
        Assert.False(_signal.IsTimeToLook);

        _clock.Passed = QueueWorkerSignal.BetweenLooks;
        Assert.True(_signal.IsTimeToLook);
    }

    [Fact]
    public async Task What_waits_in_memory_wakes_the_worker_and_lets_it_not_look()
    {
        _signal.FoundNothing(_signal.News);

        _signal.SetFresh();

        Assert.True(await _signal.WaitForWorkAsync(TimeSpan.Zero, default));
        Assert.False(_signal.IsTimeToLook);
    }

    [Fact]
    public void What_was_stored_during_a_look_asks_for_another()
    {
        var before = _signal.News;
        _signal.Set();
        _signal.FoundNothing(before);

        Assert.True(_signal.IsTimeToLook);
    }

    public void Dispose() => _signal.Dispose();

    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => TimeSpan.TicksPerHour + Passed.Ticks;
    }
}
