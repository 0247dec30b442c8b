using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
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
/// The head carries a seal of its own, so that an end that was cut off shows like a changed, missing or swapped entry
/// (<see cref="VerifyLedger"/>).
/// </summary>
internal sealed partial class ConsentLedger(GatewayDb db, MasterKey master, TimeProvider clock, ILogger<ConsentLedger> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly LedgerKeys _keys = new(master);

    /// <summary>Adds an entry, inside the caller's transaction. Updating the head first makes two writers take turns.</summary>
    public Task AppendAsync(Guid siteId, ConsentEntry entry, CancellationToken ct) => AppendManyAsync(siteId, [entry], ct);

    /// <summary>Adds entries in their order, inside the caller's transaction.</summary>
    public async Task AppendManyAsync(Guid siteId, IReadOnlyList<ConsentEntry> entries, CancellationToken ct)
    {
        if (entries.Count == 0)
        {
            return;
        }

        // Whole milliseconds: what is chained and what the column keeps are the same time in every database.
        var clocked = clock.GetUtcNow();
        var now = clocked.AddTicks(-(clocked.Ticks % TimeSpan.TicksPerMillisecond));
        var head = await NextAsync(siteId, entries.Count, ct) ?? await FirstAsync(siteId, entries.Count, ct);
        var (before, hash) = (head.Sequence - entries.Count, head.Hash);
        var rows = new List<Consent>(entries.Count);
        foreach (var entry in entries)
        {
            var row = RowOf(siteId, before + rows.Count + 1, entry, hash, now);
            rows.Add(row);
            hash = row.Hash;
        }

        if (await db.InsertNewAsync(rows, ct) != rows.Count)
        {
            throw new InvalidOperationException("The ledger has entries behind its head.");
        }

        var mark = SealAfter(head, before, hash);
        await db
            .LedgerHeads.Where(one => one.SiteId == siteId)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Hash, hash).SetProperty(one => one.Seal, mark), ct);
        await db.SaveChangesAsync(ct);
    }

    private Consent RowOf(Guid siteId, long sequence, ConsentEntry entry, byte[] previous, DateTimeOffset now)
    {
        var personal = entry
            .Personal.Where(field => field.Value is not null)
            .ToDictionary(
                field => field.Key,
                field => new SaltedValue(field.Value, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))
            );
        var canonical = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = 1,
                sequence,
                site = siteId,
                kind = CaseConverter.Lower(entry.Kind.ToString()),
                contact = entry.ContactId,
                list = entry.ListId,
                occurredAt = now.UtcDateTime,
                facts = entry.Facts,
                personal = personal.ToDictionary(field => field.Key, field => field.Value.Digest()),
            },
            Json
        );
        return new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Sequence = sequence,
            Kind = entry.Kind,
            ContactId = entry.ContactId,
            ListId = entry.ListId,
            Entry = canonical,
            Personal = JsonSerializer.Serialize(personal, Json),
            Hash = _keys.Chain(previous, canonical),
            OccurredAt = now.UtcDateTime,
        };
    }

    /// <summary>All entries of a site in their order, read some at a time.</summary>
    public async IAsyncEnumerable<Consent> AllAsync(
        Guid siteId,
        int atOnce,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var after = 0L; ;)
        {
            var page = await db
                .Consents.AsNoTracking()
                .Where(one => one.SiteId == siteId && one.Sequence > after)
                .OrderBy(one => one.Sequence)
                .Take(atOnce)
                .ToListAsync(ct);
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (var entry in page)
            {
                yield return entry;
            }

            after = page[^1].Sequence;
        }
    }

    /// <returns>Of each of the people the import (<c>imp_…</c>) that the last entry about them and the list names; null where it names
    /// none. Nobody is in it of whom the ledger has no entry.</returns>
    public async Task<Dictionary<Guid, string?>> LastImportsAsync(Guid listId, IReadOnlyCollection<Guid> contactIds, CancellationToken ct)
    {
        var entries = await db
            .Consents.AsNoTracking()
            .Where(one => contactIds.Contains(one.ContactId) && one.ListId == listId)
            .Select(one => new
            {
                one.ContactId,
                one.Sequence,
                one.Entry,
            })
            .ToListAsync(ct);
        return entries
            .GroupBy(one => one.ContactId)
            .ToDictionary(
                same => same.Key,
                same =>
                {
                    using var json = JsonDocument.Parse(same.MaxBy(one => one.Sequence)!.Entry);
                    return json.RootElement.GetProperty("facts").TryGetProperty("import", out var import) ? import.GetString() : null;
                }
            );
    }

    /// <returns>What the entries of one kind about a person and a list say, as they were written.</returns>
    public Task<List<byte[]>> EntriesAsync(Guid contactId, Guid listId, ConsentKind kind, CancellationToken ct) =>
        db
            .Consents.AsNoTracking()
            .Where(one => one.ContactId == contactId && one.ListId == listId && one.Kind == kind)
            .Select(one => one.Entry)
            .ToListAsync(ct);

    /// <returns>What was agreed to last, as the entry says it; null when nobody agreed to anything.</returns>
    public async Task<IReadOnlyDictionary<string, string?>?> LastConsentAsync(Guid contactId, Guid listId, CancellationToken ct) =>
        await db
            .Consents.AsNoTracking()
            .Where(one =>
                one.ContactId == contactId
                && one.ListId == listId
                && (one.Kind == ConsentKind.Confirmed || one.Kind == ConsentKind.Proven)
            )
            .OrderByDescending(one => one.Sequence)
            .FirstOrDefaultAsync(ct)
            is { } entry
            ? LedgerEntry.Read(entry).Facts
            : null;

    private async Task<LedgerHead?> NextAsync(Guid siteId, int entries, CancellationToken ct) =>
        (
            await db
                .LedgerHeads.FromSql($"update ledger_heads set sequence = sequence + {entries} where site_id = {siteId} returning *")
                .AsNoTracking()
                .ToListAsync(ct)
        ).SingleOrDefault();

    /// <summary>
    /// A head that somebody else wrote is not made good by the next entry: from then on none is sealed, and whoever verifies sees it.
    /// People may confirm all the same.
    /// </summary>
    /// <param name="head">Of the entry before, with the sequence of the last new one.</param>
    /// <param name="before">The sequence of the entry before.</param>
    private byte[] SealAfter(LedgerHead head, long before, byte[] hash)
    {
        if (Secrets.Same(head.Seal, _keys.Seal(head.SiteId, before, head.Hash)))
        {
            return _keys.Seal(head.SiteId, head.Sequence, hash);
        }

        LogForeignHead(PublicId.Format(PublicId.Site, head.SiteId));
        return [];
    }

    /// <summary>A ledger begins with its first entry.</summary>
    private async Task<LedgerHead> FirstAsync(Guid siteId, int entries, CancellationToken ct)
    {
        await db.InsertNewAsync(
            [
                new LedgerHead
                {
                    SiteId = siteId,
                    Sequence = 0,
                    Hash = LedgerKeys.Beginning,
                    Seal = _keys.Seal(siteId, 0, LedgerKeys.Beginning),
                },
            ],
            ct
        );
        return (await NextAsync(siteId, entries, ct))!;
    }

    /// <summary>Removes the personal values and their salts of a person; the digests that stay say nothing by themselves.</summary>
    public Task EraseAsync(Guid siteId, Guid contactId, CancellationToken ct) =>
        db
            .Consents.Where(entry => entry.SiteId == siteId && entry.ContactId == contactId)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Personal, (string?)null), ct);

    [LoggerMessage(
        LogLevel.Critical,
        "The head of the consent ledger of site {Site} was not written by this gateway. Run: gateway consents verify"
    )]
    private partial void LogForeignHead(string site);
}
