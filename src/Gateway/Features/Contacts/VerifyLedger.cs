using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>What is wrong with a ledger.</summary>
internal enum LedgerError
{
    /// <summary>An entry is missing or stands in another's place.</summary>
    EntryMissing,

    /// <summary>The bytes of an entry are not those that were chained.</summary>
    EntryChanged,

    /// <summary>Site, kind, contact, list or date beside an entry differ from the entry.</summary>
    ColumnChanged,

    /// <summary>A personal value is not the one that was recorded.</summary>
    PersonalChanged,

    /// <summary>A personal value is gone, and the person was not erased.</summary>
    PersonalRemoved,

    /// <summary>The head says that there are more entries.</summary>
    EndMissing,

    /// <summary>The head was not written by a gateway with this master key, or belongs to another end.</summary>
    HeadChanged,

    /// <summary>There is no head, though there must be one.</summary>
    HeadMissing,

    /// <summary>The head that was written down once is not part of this ledger.</summary>
    WrittenHeadMissing,
}

/// <summary>The end of a ledger as it is written down.</summary>
/// <param name="Sequence">Of the last entry; 0 when there is none.</param>
/// <param name="Hash">Of the last entry, in hexadecimal.</param>
internal sealed record LedgerEnd(long Sequence, string Hash)
{
    public override string ToString() => $"{Sequence}:{Hash}";

    /// <returns>Null when it is not <c>SEQUENCE:HASH</c>.</returns>
    public static LedgerEnd? Parse(string? text) =>
        text?.Trim().Split(':') is [var sequence, var hash]
        && long.TryParse(sequence, System.Globalization.NumberStyles.None, null, out var number)
        && hash.Length == 64
        && hash.All(char.IsAsciiHexDigit)
            ? new(number, hash.ToLowerInvariant())
            : null;
}

/// <param name="Entries">How many were read.</param>
/// <param name="Error">The first error; null when the whole ledger holds.</param>
/// <param name="At">The sequence of the first entry that is wrong or missing.</param>
/// <param name="End">The end of the ledger as its head says it.</param>
internal sealed record LedgerReport(long Entries, LedgerError? Error, long? At, LedgerEnd End);

/// <summary>
/// Reads the ledger of a site from its first entry and looks for whatever was changed, removed, swapped or cut off by somebody who can
/// write to the database and does not have the master key.
/// </summary>
internal sealed class VerifyLedger(GatewayDb db, MasterKey master)
{
    private readonly LedgerKeys _keys = new(master);

    /// <param name="written">A head that was written down before; it must be part of the ledger.</param>
    public async Task<LedgerReport> VerifyAsync(Guid siteId, LedgerEnd? written, CancellationToken ct)
    {
        var before = await HeadAsync(siteId, ct);
        var previous = LedgerKeys.Beginning;
        var end = new LedgerEnd(before?.Sequence ?? 0, Convert.ToHexStringLower(before?.Hash ?? previous));
        var removed = new Dictionary<Guid, long>();
        long read = 0;
        await foreach (
            var row in db
                .Consents.AsNoTracking()
                .Where(one => one.SiteId == siteId)
                .OrderBy(one => one.Sequence)
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
        {
            read++;
            var error =
                row.Sequence != read ? LedgerError.EntryMissing
                : ErrorOf(row, previous, removed) is { } found ? found
                : read == before?.Sequence && !Secrets.Same(row.Hash, before.Hash) ? LedgerError.HeadChanged
                : read == written?.Sequence && Convert.ToHexStringLower(row.Hash) != written.Hash ? LedgerError.WrittenHeadMissing
                : (LedgerError?)null;
            if (error is not null)
            {
                return new(read, error, read, end);
            }

            previous = row.Hash;
        }

        if (removed.Count > 0)
        {
            return new(read, LedgerError.PersonalRemoved, removed.Values.Min(), end);
        }

        // Entries may be added while this reads: the end lies between the head from before and the head from now.
        var after = await HeadAsync(siteId, ct);
        var wrong =
            read < (before?.Sequence ?? 0) ? LedgerError.EndMissing
            : after is null && (read > 0 || before is not null || await HasMembersAsync(siteId, ct)) ? LedgerError.HeadMissing
            : before is not null && !_keys.IsSealed(before) || after is not null && !_keys.IsSealed(after) ? LedgerError.HeadChanged
            : after is not null && (read > after.Sequence || (read == after.Sequence && !Secrets.Same(previous, after.Hash)))
                ? LedgerError.HeadChanged
            : read < written?.Sequence ? LedgerError.WrittenHeadMissing
            : (LedgerError?)null;
        return new(read, wrong, wrong is null ? null : read + 1, end);
    }

    /// <param name="removed">People of whom personal values are missing, with the first such entry; who is erased later is taken
    /// out.</param>
    private LedgerError? ErrorOf(Consent row, byte[] previous, Dictionary<Guid, long> removed)
    {
        if (!Secrets.Same(row.Hash, _keys.Chain(previous, row.Entry)))
        {
            return LedgerError.EntryChanged;
        }

        LedgerEntry entry;
        try
        {
            entry = LedgerEntry.Read(row);
        }
        catch (JsonException)
        {
            return LedgerError.EntryChanged;
        }

        if (!entry.Matches(row))
        {
            return LedgerError.ColumnChanged;
        }

        var personal = LedgerEntry.PersonalOf(row);
        if (personal is null || personal.Any(field => !entry.Proves(field.Key, field.Value)))
        {
            return LedgerError.PersonalChanged;
        }

        if (entry.Kind == ConsentKind.Erased)
        {
            removed.Remove(entry.ContactId);
        }
        else if (entry.Digests.Keys.Any(field => !personal.ContainsKey(field)))
        {
            removed.TryAdd(entry.ContactId, entry.Sequence);
        }

        return null;
    }

    /// <summary>Nobody is on a list without an entry that says why.</summary>
    private Task<bool> HasMembersAsync(Guid siteId, CancellationToken ct) =>
        db.Subscriptions.AnyAsync(one => one.SiteId == siteId && one.State == SubscriptionState.Confirmed, ct);

    private Task<LedgerHead?> HeadAsync(Guid siteId, CancellationToken ct) =>
        db.LedgerHeads.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId, ct);
}
