namespace Gateway.Infrastructure.Http;

/// <summary>
/// How much memory the bodies may take of which nobody knows yet who sent them: a signature is checked over the whole. Each address has a
/// share, and all of them together a limit. Only what has arrived counts, and only while it arrives, so that a caller with a valid
/// signature hardly ever takes any of it; small bodies, which is nearly all of them, do not count at all.
/// </summary>
internal sealed class BodyRoom
{
    /// <summary>Bytes of each body that do not count.</summary>
    private const int Free = 16 * 1024;

    private const long OfAddress = 32L * 1024 * 1024;

    /// <summary>A part of the memory that the program may take.</summary>
    private const int PartOfAll = 8;

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _taken = [];
    private readonly long _inAll = Math.Max(OfAddress, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfAll);
    private long _takenInAll;

    /// <returns>What one request takes; it is given back by disposing.</returns>
    public Share Of(HttpContext http) => new(this, RateLimits.AddressKey(http.Connection.RemoteIpAddress));

    private bool TryTake(string address, long bytes)
    {
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(address) + bytes;
            if (taken > OfAddress || _takenInAll + bytes > _inAll)
            {
                return false;
            }

            (_taken[address], _takenInAll) = (taken, _takenInAll + bytes);
            return true;
        }
    }

    private void GiveBack(string address, long bytes)
    {
        lock (_lock)
        {
            _takenInAll -= bytes;
            if ((_taken[address] -= bytes) == 0)
            {
                _taken.Remove(address);
            }
        }
    }

    internal sealed class Share(BodyRoom room, string address) : IDisposable
    {
        private long _bytes;

        /// <summary>Says that so many bytes more are about to be held.</summary>
        /// <exception cref="TooManyRequestsException">There is no room for them now.</exception>
        public void Take(int bytes)
        {
            if (bytes < Free)
            {
                return;
            }

            if (!room.TryTake(address, bytes))
            {
                throw new TooManyRequestsException(
                    "rate_limited",
                    $"Too many large bodies are coming in at once. Try again in {ComeAgain.TotalSeconds:0} seconds.",
                    ComeAgain
                );
            }

            _bytes += bytes;
        }

        public void Dispose()
        {
            if (_bytes > 0)
            {
                room.GiveBack(address, _bytes);
            }

            _bytes = 0;
        }
    }
}
