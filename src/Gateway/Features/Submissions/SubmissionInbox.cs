using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <summary>What became of a submission that somebody sent.</summary>
internal abstract record TakenIn
{
    /// <summary>It is on the disk, now or since an earlier try.</summary>
    public sealed record Stored(Guid Id) : TakenIn;

    /// <summary>The key stands for other content.</summary>
    public sealed record KeyReused : TakenIn;

    /// <summary>Too much is waiting to be stored; nothing was kept.</summary>
    public sealed record Busy : TakenIn;
}

/// <summary>
/// Stores a submission exactly once. Same key and content is the same submission; the unique index decides, also between replicas.
/// Submissions that come at the same moment share one commit.
/// </summary>
internal sealed partial class SubmissionInbox : IAsyncDisposable
{
    private const int MaxWaiting = 10_000;
    private const int MaxInGroup = 512;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _canonical;

    private readonly IInboxWriter _writer;
    private readonly FreshSubmissions _fresh;
    private readonly Signal<ProcessSubmissions> _signal;
    private readonly SubmissionMetrics _metrics;
    private readonly BudgetKeys _keys;
    private readonly TimeProvider _clock;
    private readonly ILogger<SubmissionInbox> _logger;
    private readonly GroupCommit<Submission, TakenIn> _commits;

    public SubmissionInbox(
        IInboxWriter writer,
        FreshSubmissions fresh,
        Signal<ProcessSubmissions> signal,
        SubmissionMetrics metrics,
        BudgetKeys keys,
        TimeProvider clock,
        ILogger<SubmissionInbox> logger
    )
    {
        (_writer, _fresh, _signal, _metrics, _keys, _clock, _logger) = (writer, fresh, signal, metrics, keys, clock, logger);
        _commits = new(StoreAsync)
        {
            MaxInGroup = MaxInGroup,
            Limit = (MaxWaiting, new TakenIn.Busy()),
            OnGroupFailed = LogGroupFailed,
        };
    }

    /// <param name="raw">The submission's JSON as it came in.</param>
    /// <returns>After the commit is on the disk.</returns>
    public Task<TakenIn> TakeInAsync(Site site, SubmissionRequest request, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        // What is worked on from memory is the same as what is stored: PostgreSQL keeps microseconds.
        var now = _clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var row = new Submission
        {
            Id = Guid.CreateVersion7(now),
            SiteId = site.Id,
            Key = request.Key,
            ContentHash = Hash(request),
            Body = Verbatim(site.IpStorage, request, raw),
            Visitor = site.IpStorage == IpStorage.Full ? null : _keys.VisitorOf(site.Id, request.Visitor?.Ip),
            FormId = request.Form?.Id,
            ReceivedAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
        return _commits.AddAsync(row).WaitAsync(ct);
    }

    /// <summary>Ends when all that was taken in is stored.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<IReadOnlyList<TakenIn>> StoreAsync(IReadOnlyList<Submission> group)
    {
        // Sorted, so that two replicas lock the same keys in the same order.
        var rows = group
            .DistinctBy(row => (row.SiteId, row.Key))
            .OrderBy(row => row.SiteId)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
        var fresh = _fresh.Choose(rows);
        fresh.ForEach(row => (row.DueAt, row.Attempts) = (row.ReceivedAt + FreshSubmissions.Reserve, 1));
        var stored = await _writer.StoreAsync(rows);
        _fresh.Add(fresh.Where(row => stored[(row.SiteId, row.Key)].Id == row.Id));
        _signal.Wake(isAllFresh: fresh.Count == rows.Count);
        _metrics.Accepted(rows.Count(row => stored[(row.SiteId, row.Key)].Id == row.Id));
        return [.. group.Select(row => Outcome(row, stored[(row.SiteId, row.Key)]))];
    }

    private static TakenIn Outcome(Submission row, StoredSubmission first) =>
        first.ContentHash.AsSpan().SequenceEqual(row.ContentHash) ? new TakenIn.Stored(first.Id) : new TakenIn.KeyReused();

    /// <summary>The content's hash, whatever the spacing and the members that mean nothing here.</summary>
    private static byte[] Hash(SubmissionRequest request)
    {
        var (canonical, writer) = _canonical ??= NewCanonical();
        canonical.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, request, JsonSerializerOptions.Web);
        writer.Flush();
        return SHA256.HashData(canonical.WrittenSpan);
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewCanonical()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new Utf8JsonWriter(buffer));
    }

    private static byte[] Verbatim(IpStorage keep, SubmissionRequest request, ReadOnlyMemory<byte> raw) =>
        keep == IpStorage.Full || request.Visitor is null
            ? MemoryToArray(raw)
            : JsonSerializer.SerializeToUtf8Bytes(
                request with
                {
                    Visitor = request.Visitor with { Ip = IpAddresses.Keep(request.Visitor.Ip, keep) },
                },
                JsonSerializerOptions.Web
            );

    private static byte[] MemoryToArray(ReadOnlyMemory<byte> raw) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(raw, out var segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : raw.ToArray();

    [LoggerMessage(LogLevel.Warning, "A group of {Count} submissions could not be committed; they are tried one by one")]
    private partial void LogGroupFailed(int count, Exception exception);
}
