using System.Collections.Concurrent;
using Gateway.Console.SignIn;

namespace Gateway.Console.Live;

/// <summary>
/// Looks at what somebody follows: once for all who follow the same, and only while somebody does. A page learns that something changed,
/// and not what: it asks for itself again, with the rights that its reader has then.
/// </summary>
internal sealed partial class LiveWatch(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<LiveWatch> logger)
{
    /// <summary>Of one who is signed in: a browser keeps six connections to a server, and pages need some of them.</summary>
    private const int MaxOfSession = 4;

    /// <summary>Of this process.</summary>
    private const int MaxOfAll = 500;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _watched = [];
    private readonly ConcurrentDictionary<Guid, int> _sessions = new();
    private int _all;

    /// <summary>Whether one more may follow. Whoever was let in says when it ends (<see cref="Leave"/>).</summary>
    public bool TryEnter(Guid session)
    {
        lock (_lock)
        {
            var mine = _sessions.GetValueOrDefault(session);
            if (mine >= MaxOfSession || _all >= MaxOfAll || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return false;
            }

            _sessions[session] = mine + 1;
            _all++;
            return true;
        }
    }

    public void Leave(Guid session)
    {
        lock (_lock)
        {
            _all--;
            if (_sessions[session] > 1)
            {
                _sessions[session]--;
            }
            else
            {
                _sessions.TryRemove(session, out _);
            }
        }
    }

    /// <summary>Begins to look, or joins those who do, until what it returns is disposed of.</summary>
    public Following Follow(LiveTopic topic)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(topic.Name, out var watched))
            {
                watched = new(topic, CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping));
                _watched[topic.Name] = watched;
                _ = Task.Run(() => WatchAsync(watched), CancellationToken.None);
            }

            watched.Followers++;
            return new(this, watched);
        }
    }

    private void Release(Watched watched)
    {
        lock (_lock)
        {
            if (--watched.Followers == 0 && Forget(watched))
            {
                watched.Stop();
            }
        }
    }

    /// <summary>Whoever follows next begins anew. Called with the lock held.</summary>
    /// <returns>False when that was done before: it has ended by itself.</returns>
    private bool Forget(Watched watched) =>
        _watched.GetValueOrDefault(watched.Topic.Name) == watched && _watched.Remove(watched.Topic.Name);

    /// <summary>Those of the sessions that follow something which ended since, all asked for at once.</summary>
    public LiveTopic EndedSessions() =>
        new(
            "sessions",
            async (scope, ct) =>
            {
                var mine = _sessions.Keys.ToList();
                var open = await scope.GetRequiredService<AdminSessions>().OpenAmongAsync(mine, ct);
                return string.Join(' ', mine.Except(open).Select(session => session.ToString("N")));
            }
        );

    private async Task WatchAsync(Watched watched)
    {
        try
        {
            using var pace = new PeriodicTimer(Pace);
            do
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await watched.Topic.Read(scope.ServiceProvider, watched.Ending) is not { } state)
                {
                    break;
                }

                watched.Becomes(state);
            } while (await pace.WaitForNextTickAsync(watched.Ending));
        }
        catch (OperationCanceledException)
        {
            // Nobody follows any more, or the program ends.
        }
        catch (Exception failed)
        {
            // Whoever follows begins anew after a pause of their browser.
            LogFailed(failed);
        }
        finally
        {
            lock (_lock)
            {
                Forget(watched);
                watched.End();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What an admin page follows could not be read; its browser asks again")]
    private partial void LogFailed(Exception exception);

    /// <summary>One who follows something.</summary>
    internal sealed class Following(LiveWatch watch, Watched watched) : IDisposable
    {
        private int _left;

        /// <inheritdoc cref="Watched.State"/>
        public string? State => watched.State;

        /// <inheritdoc cref="Watched.HasEnded"/>
        public bool HasEnded => watched.HasEnded;

        /// <inheritdoc cref="Watched.NextChange"/>
        public Task NextChange => watched.NextChange;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                watch.Release(watched);
            }
        }
    }

    /// <summary>Something that is looked at, and how it stands.</summary>
    internal sealed class Watched(LiveTopic topic, CancellationTokenSource ending)
    {
        private volatile TaskCompletionSource _changed = NewChange();

        public LiveTopic Topic => topic;

        public int Followers { get; set; }

        /// <summary>As it was read last; null before the first time.</summary>
        public string? State { get; private set; }

        /// <summary>Whether nobody looks any more: there is no such thing now, it could not be read, or nobody follows.</summary>
        public bool HasEnded { get; private set; }

        public CancellationToken Ending { get; } = ending.Token;

        /// <summary>Ends at the next change. It is to be asked for before <see cref="State"/> is read.</summary>
        public Task NextChange => _changed.Task;

        public void Becomes(string state)
        {
            if (State != state)
            {
                State = state;
                Tell();
            }
        }

        /// <summary>Whoever looks ends soon, on a thread of its own: the caller holds the lock.</summary>
        public void Stop() => _ = ending.CancelAsync();

        public void End()
        {
            HasEnded = true;
            Tell();
            ending.Dispose();
        }

        private void Tell()
        {
            var before = _changed;
            _changed = NewChange();
            before.TrySetResult();
        }

        private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
