using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.Sites;

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
/// </summary>
internal sealed class SubmissionInbox(GroupCommit commits, BudgetKeys keys, TimeProvider clock)
{
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _canonical;

    /// <param name="raw">The submission's JSON as it came in.</param>
    /// <returns>After the commit is on the disk.</returns>
    public Task<TakenIn> TakeInAsync(Site site, SubmissionRequest request, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return commits.StoreAsync(
            new Submission
            {
                Id = Guid.CreateVersion7(now),
                SiteId = site.Id,
                Key = request.Key,
                ContentHash = Hash(request),
                Body = Verbatim(site.IpStorage, request, raw),
                Visitor = site.IpStorage == IpStorage.Full ? null : keys.VisitorOf(request.Visitor?.Ip),
                FormId = request.Form?.Id,
                ReceivedAt = now.UtcDateTime,
                DueAt = now.UtcDateTime,
            },
            ct
        );
    }

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
}
