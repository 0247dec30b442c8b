using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Features.Contacts;

/// <summary>A personal value with the salt of its digest.</summary>
internal sealed record SaltedValue(string? Value, string? Salt)
{
    /// <summary>SHA-256 over salt and value, in hexadecimal: what the chained bytes say of it.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Salt + Value)));
}

/// <summary>What the chained bytes of an entry say. Columns beside them are for looking things up; this is the evidence.</summary>
internal sealed record LedgerEntry(
    long Sequence,
    Guid SiteId,
    ConsentKind Kind,
    Guid ContactId,
    Guid ListId,
    DateTime OccurredAt,
    IReadOnlyDictionary<string, string?> Facts,
    IReadOnlyDictionary<string, string> Digests
)
{
    /// <exception cref="JsonException">These are no bytes that the gateway wrote.</exception>
    public static LedgerEntry Read(Consent row)
    {
        try
        {
            using var json = JsonDocument.Parse(row.Entry);
            var root = json.RootElement;
            return new(
                root.GetProperty("sequence").GetInt64(),
                root.GetProperty("site").GetGuid(),
                Enum.Parse<ConsentKind>(root.GetProperty("kind").GetString()!, ignoreCase: true),
                root.GetProperty("contact").GetGuid(),
                root.GetProperty("list").GetGuid(),
                root.GetProperty("occurredAt").GetDateTime(),
                root.GetProperty("facts").Deserialize<Dictionary<string, string?>>()!,
                root.GetProperty("personal").Deserialize<Dictionary<string, string>>()!
            );
        }
        catch (Exception unreadable)
            when (unreadable is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException("The entry is not in the form of the ledger.", unreadable);
        }
    }

    /// <returns>The personal values beside an entry; empty once erased, null when they cannot be read.</returns>
    public static IReadOnlyDictionary<string, SaltedValue>? PersonalOf(Consent row)
    {
        try
        {
            var values = row.Personal is null
                ? []
                : JsonSerializer.Deserialize<Dictionary<string, SaltedValue?>>(row.Personal, JsonSerializerOptions.Web);
            return values?.ToDictionary(one => one.Key, one => one.Value ?? new(null, null));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value is the one whose digest was chained.</summary>
    public bool Proves(string field, SaltedValue value) => Digests.TryGetValue(field, out var digest) && digest == value.Digest();

    /// <summary>The columns beside the bytes say the same.</summary>
    public bool Matches(Consent row) =>
        (Sequence, SiteId, Kind, ContactId, ListId, OccurredAt)
        == (row.Sequence, row.SiteId, row.Kind, row.ContactId, row.ListId, row.OccurredAt);
}
