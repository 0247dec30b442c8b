using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// What one entry of the ledger says. Personal members enter the chain as salted digests, so that they can be erased and the chain still
/// verifies.
/// </summary>
/// <param name="Facts">What is not personal, in the order in which it is written down.</param>
/// <param name="Personal">What is: addresses, IP addresses, names.</param>
internal sealed record ConsentEntry(
    ConsentKind Kind,
    Guid ContactId,
    Guid ListId,
    IReadOnlyDictionary<string, string?> Facts,
    IReadOnlyDictionary<string, string?> Personal
)
{
    /// <summary>Of the words that were shown, in hexadecimal.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A time as entries write it.</summary>
    public static string? Iso(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>
/// The proof: a ledger for each site in which every entry carries an HMAC over the one before it, with a key that is not in the database.
/// A changed, missing or swapped entry shows, and so does an end that was cut off, since the head is compared too.
/// </summary>
internal sealed class ConsentLedger(GatewayDb db, MasterKey master, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly byte[] _key = master.Derive("ledger");

    /// <summary>A personal value with the salt of its digest.</summary>
    internal sealed record Salted(string Value, string Salt);

    /// <summary>Adds an entry, inside the caller's transaction. Updating the head first makes two writers take turns.</summary>
    public async Task AppendAsync(Guid siteId, ConsentEntry entry, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var head = await NextAsync(siteId, ct) ?? await FirstAsync(siteId, ct);

        var personal = entry
            .Personal.Where(field => field.Value is not null)
            .ToDictionary(
                field => field.Key,
                field => new Salted(field.Value!, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))
            );
        var canonical = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = 1,
                sequence = head.Sequence,
                site = siteId,
                kind = CaseConverter.Lower(entry.Kind.ToString()),
                contact = entry.ContactId,
                list = entry.ListId,
                occurredAt = now.UtcDateTime,
                facts = entry.Facts,
                personal = personal.ToDictionary(field => field.Key, field => Digest(field.Value)),
            },
            Json
        );
        var hash = Chain(head.Hash, canonical);

        db.Consents.Add(
            new Consent
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Sequence = head.Sequence,
                Kind = entry.Kind,
                ContactId = entry.ContactId,
                ListId = entry.ListId,
                Entry = canonical,
                Personal = JsonSerializer.Serialize(personal, Json),
                Hash = hash,
                OccurredAt = now.UtcDateTime,
            }
        );
        await db.LedgerHeads.Where(one => one.SiteId == siteId).ExecuteUpdateAsync(set => set.SetProperty(one => one.Hash, hash), ct);
        await db.SaveChangesAsync(ct);
    }

    /// <returns>What the entries of one kind about a person and a list say, as they were written.</returns>
    public Task<List<byte[]>> EntriesAsync(Guid contactId, Guid listId, ConsentKind kind, CancellationToken ct) =>
        db
            .Consents.AsNoTracking()
            .Where(one => one.ContactId == contactId && one.ListId == listId && one.Kind == kind)
            .Select(one => one.Entry)
            .ToListAsync(ct);

    private async Task<LedgerHead?> NextAsync(Guid siteId, CancellationToken ct) =>
        (
            await db
                .LedgerHeads.FromSql($"update ledger_heads set sequence = sequence + 1 where site_id = {siteId} returning *")
                .AsNoTracking()
                .ToListAsync(ct)
        ).SingleOrDefault();

    /// <summary>A ledger begins with its first entry.</summary>
    private async Task<LedgerHead> FirstAsync(Guid siteId, CancellationToken ct)
    {
        await db.InsertNewAsync(
            [
                new LedgerHead
                {
                    SiteId = siteId,
                    Sequence = 0,
                    Hash = new byte[32],
                },
            ],
            ct
        );
        return (await NextAsync(siteId, ct))!;
    }

    /// <summary>Removes the personal values and their salts of a person; the digests that stay say nothing by themselves.</summary>
    public Task EraseAsync(Guid siteId, Guid contactId, CancellationToken ct) =>
        db
            .Consents.Where(entry => entry.SiteId == siteId && entry.ContactId == contactId)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Personal, (string?)null), ct);

    /// <returns>How many entries were read, and the sequence of the first that is wrong or missing; null when the whole chain
    /// holds.</returns>
    public async Task<(long Entries, long? FirstBad)> VerifyAsync(Guid siteId, CancellationToken ct)
    {
        var before = await HeadAsync(siteId, ct);
        var previous = new byte[32];
        long read = 0;
        await foreach (
            var entry in db
                .Consents.AsNoTracking()
                .Where(one => one.SiteId == siteId)
                .OrderBy(one => one.Sequence)
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
        {
            read++;
            if (
                entry.Sequence != read
                || !Secrets.Same(entry.Hash, Chain(previous, entry.Entry))
                || !ColumnsMatch(entry)
                || (read == before?.Sequence && !Secrets.Same(entry.Hash, before.Hash))
            )
            {
                return (read, read);
            }

            previous = entry.Hash;
        }

        // Entries may be added while this reads: the end lies between the head from before and the head from now.
        var after = await HeadAsync(siteId, ct);
        var isWhole = after is null ? read == 0 : read < after.Sequence || (read == after.Sequence && Secrets.Same(previous, after.Hash));
        return isWhole && read >= (before?.Sequence ?? 0) ? (read, null) : (read, read + 1);
    }

    private Task<LedgerHead?> HeadAsync(Guid siteId, CancellationToken ct) =>
        db.LedgerHeads.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId, ct);

    private byte[] Chain(byte[] previous, byte[] entry) => HMACSHA256.HashData(_key, (byte[])[.. previous, .. entry]);

    private static string Digest(Salted field) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(field.Salt + field.Value)));

    /// <summary>The columns and the personal values beside the chained bytes say the same as the bytes.</summary>
    private static bool ColumnsMatch(Consent consent)
    {
        using var entry = JsonDocument.Parse(consent.Entry);
        var root = entry.RootElement;
        if (
            root.GetProperty("contact").GetGuid() != consent.ContactId
            || root.GetProperty("list").GetGuid() != consent.ListId
            || root.GetProperty("kind").GetString() != CaseConverter.Lower(consent.Kind.ToString())
        )
        {
            return false;
        }

        var digests = root.GetProperty("personal");
        return consent.Personal is null
            || JsonSerializer
                .Deserialize<Dictionary<string, Salted>>(consent.Personal, Json)!
                .All(field => digests.TryGetProperty(field.Key, out var digest) && digest.GetString() == Digest(field.Value));
    }
}
