using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Remembers what every request asks for, so that it costs no read. Whoever asks while it is being read waits for that read. A change made
/// in this process is seen at once (<see cref="Forget{T}"/>), one made in another process within seconds.
/// </summary>
internal sealed class RecentCache(HybridCache cache)
{
    /// <summary>For what can change: a secret that another process revoked must not work for long.</summary>
    public static readonly HybridCacheEntryOptions Seconds = Here(TimeSpan.FromSeconds(10));

    /// <summary>For what never changes but is not needed forever.</summary>
    public static readonly HybridCacheEntryOptions Hour = Here(TimeSpan.FromHours(1));

    // A read that began before a change may end after it. So what is asked for after a change has another name.
    private readonly ConcurrentDictionary<string, int> _changes = new();

    /// <param name="id">Of the thing; each type has its own.</param>
    /// <param name="read">Called when it is not remembered.</param>
    /// <returns>Null when there is none, which is not remembered: nobody can fill the memory with unknown ids.</returns>
    /// <typeparam name="T">Sealed, never changed once it was read, and marked as <c>[ImmutableObject(true)]</c>.</typeparam>
    public async ValueTask<T?> FindAsync<T>(
        Guid id,
        Func<Guid, CancellationToken, ValueTask<T?>> read,
        HybridCacheEntryOptions keep,
        CancellationToken ct
    )
        where T : class
    {
        var key = CurrentKey<T>(id);
        var found = await cache.GetOrCreateAsync(
            key,
            (read, id),
            static (asked, ct) => asked.read(asked.id, ct),
            keep,
            cancellationToken: ct
        );
        if (found is null)
        {
            await cache.RemoveAsync(key, ct);
        }

        return found;
    }

    /// <summary>Called after the commit of a change.</summary>
    public void Forget<T>(Guid id) => _changes.AddOrUpdate(Key<T>(id), 1, (_, changes) => changes + 1);

    private string CurrentKey<T>(Guid id)
    {
        var key = Key<T>(id);
        return _changes.TryGetValue(key, out var changes) ? $"{key}:{changes}" : key;
    }

    private static string Key<T>(Guid id) => $"{typeof(T).Name}:{id:N}";

    /// <summary>Secrets are among what is remembered, so it never goes to a cache outside the process.</summary>
    private static HybridCacheEntryOptions Here(TimeSpan time) =>
        new() { Expiration = time, Flags = HybridCacheEntryFlags.DisableDistributedCache };

    /// <summary>
    /// HybridCache asks for the bytes of everything, also of what it keeps as the object that it is and nowhere else. Parsed templates and
    /// providers' clients have none.
    /// </summary>
    internal sealed class NoBytes : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>(out IHybridCacheSerializer<T> serializer)
        {
            serializer = new Of<T>();
            return true;
        }

        private sealed class Of<T> : IHybridCacheSerializer<T>
        {
            public void Serialize(T value, IBufferWriter<byte> target) { }

            public T Deserialize(ReadOnlySequence<byte> source) =>
                throw new NotSupportedException($"{typeof(T)} must be sealed and [ImmutableObject(true)], so that it is kept as it is.");
        }
    }

    /// <summary>The memory's own clock is the system's; ours is the one that tests can move.</summary>
    internal sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
