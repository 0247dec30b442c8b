using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>Which submissions name an address, in whatever field.</summary>
internal sealed partial class SubmissionAddresses(GatewayDb db, Suppressions hashes)
{
    /// <summary>A form names a handful of people; somebody who pastes an address book must not make a thousand rows.</summary>
    private const int MaxAddresses = 50;

    /// <summary>Notes the addresses of submissions that are being processed, inside the caller's transaction.</summary>
    public async Task AddAsync(IReadOnlyList<Submission> rows, CancellationToken ct)
    {
        var named = rows.SelectMany(row =>
                AddressesIn(row.Body)
                    .Select(key => new SubmissionAddress
                    {
                        SubmissionId = row.Id,
                        SiteId = row.SiteId,
                        AddressHash = hashes.Hash(key),
                    })
            )
            .OrderBy(row => row.SubmissionId)
            .ToList();
        if (named.Count > 0)
        {
            await db.InsertNewAsync(named, ct);
        }
    }

    /// <returns>The site's submissions that name the address; those that still wait are read one by one.</returns>
    public async Task<List<Guid>> OfAsync(Guid siteId, string addressKey, CancellationToken ct)
    {
        var hash = hashes.Hash(addressKey);
        var found = await db
            .SubmissionAddresses.Where(row => row.SiteId == siteId && row.AddressHash == hash)
            .Select(row => row.SubmissionId)
            .ToListAsync(ct);
        await foreach (
            var waiting in db
                .Submissions.AsNoTracking()
                .Where(row => row.SiteId == siteId && row.DueAt != null)
                .Select(row => new { row.Id, row.Body })
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
        {
            if (AddressesIn(waiting.Body).Contains(addressKey))
            {
                found.Add(waiting.Id);
            }
        }

        return found;
    }

    /// <returns>The site's submissions that name the address and failed with this code.</returns>
    public Task<List<Submission>> FailedAsync(Guid siteId, string addressKey, string code, CancellationToken ct)
    {
        var hash = hashes.Hash(addressKey);
        var named = db.SubmissionAddresses.Where(row => row.SiteId == siteId && row.AddressHash == hash).Select(row => row.SubmissionId);
        return db.Submissions.AsNoTracking().Where(row => row.FailureCode == code && named.Contains(row.Id)).ToListAsync(ct);
    }

    /// <returns>What stands in the fields of these submissions.</returns>
    public async Task<List<string>> TextsOfAsync(IReadOnlyList<Guid> ids, CancellationToken ct) =>
        [
            .. (
                await db.Submissions.AsNoTracking().Where(row => ids.Contains(row.Id)).Select(row => row.Body).ToListAsync(ct)
            ).SelectMany(TextsIn),
        ];

    /// <summary>In the caller's transaction.</summary>
    public Task ForgetAsync(IReadOnlyList<Guid> ids, CancellationToken ct) =>
        db.SubmissionAddresses.Where(row => ids.Contains(row.SubmissionId)).ExecuteDeleteAsync(ct);

    private static HashSet<string> AddressesIn(byte[] body) =>
        TextsIn(body)
            .Where(text => text.AsSpan().IndexOfAny('@', '\uff20', '\ufe6b') >= 0)
            .SelectMany(text =>
                EmailAddress.Parse(text) is { } whole
                    ? [whole]
                    : Candidate().Matches(text).Take(MaxAddresses).Select(match => EmailAddress.Parse(match.Value.Trim('.', '-', '_')))
            )
            .OfType<EmailAddress>()
            .Select(address => address.Key)
            .Take(MaxAddresses)
            .ToHashSet();

    private static IEnumerable<string> TextsIn(byte[] body) =>
        SubmissionRequest.FieldsIn(body).Values.SelectMany(value => value.Texts ?? []);

    [GeneratedRegex("""[^\s<>()\[\]{}"',;:\\|@\uff20\ufe6b]{1,64}[@\uff20\ufe6b][^\s<>()\[\]{}"',;:\\|@/?!]{3,255}""")]
    private static partial Regex Candidate();
}
