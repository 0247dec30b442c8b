using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// GET /v1/contacts/{id}/consents — the evidence of one person's consent: JSON, or with <c>Accept: text/html</c> a page to print.
/// </summary>
internal sealed class ReadConsents(GatewayDb db)
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapGet("/{id}/consents", HandleAsync)
            .RequireAuthorization(Policies.Scoped(Scopes.Contacts))
            .WithName(nameof(ReadConsents))
            .WithSummary("The evidence of a contact's consent, as JSON or as a page to print");

    /// <returns>Null when the site has no entry about such a contact.</returns>
    public async Task<ConsentCertificate?> FindAsync(Guid siteId, Guid contactId, CancellationToken ct)
    {
        var rows = await db
            .Consents.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.ContactId == contactId)
            .OrderBy(row => row.Sequence)
            .Take(1000)
            .ToListAsync(ct);
        if (rows.Count == 0)
        {
            return null;
        }

        var entries = rows.ConvertAll(row => (Row: row, Entry: LedgerEntry.Read(row)));
        var named = entries.FindLast(one => one.Entry.Facts.GetValueOrDefault("siteName") is not null).Entry;
        return new(
            PublicId.Format(PublicId.Site, siteId),
            named?.Facts["siteName"] ?? PublicId.Format(PublicId.Site, siteId),
            PublicId.Format(PublicId.Contact, contactId),
            [.. entries.Select(one => Of(one.Row, one.Entry))]
        );
    }

    /// <summary>The first entry of a kind about a list since then; null when there is none.</summary>
    public Task<Consent?> FindFirstAsync(
        Guid siteId,
        Guid contactId,
        Guid listId,
        ConsentKind kind,
        DateTime since,
        CancellationToken ct
    ) =>
        db
            .Consents.AsNoTracking()
            .Where(row =>
                row.SiteId == siteId && row.ContactId == contactId && row.ListId == listId && row.Kind == kind && row.OccurredAt >= since
            )
            .OrderBy(row => row.Sequence)
            .FirstOrDefaultAsync(ct);

    private static async Task<Results<Ok<ConsentCertificate>, RazorComponentResult, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        ReadConsents read,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (
            PublicId.Parse(PublicId.Contact, id) is not { } contactId
            || await read.FindAsync(site.Id, contactId, ct) is not { } certificate
        )
        {
            return Problems.NotFound("contact with a consent");
        }

        http.Response.Headers.CacheControl = "no-store";
        return http.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType == "text/html")
            ? ConsentCertificatePage.Show(certificate)
            : TypedResults.Ok(certificate);
    }

    /// <summary>What is printed stands in the chained bytes, or has its digest there: nothing is taken from beside them.</summary>
    private static ConsentCertificateEntry Of(Consent row, LedgerEntry entry) =>
        new(
            entry.Sequence,
            CaseConverter.Lower(entry.Kind.ToString()),
            entry.OccurredAt,
            entry.Facts.GetValueOrDefault("listName"),
            entry.Facts,
            row.Personal is null
                ? null
                : LedgerEntry
                    .PersonalOf(row)
                    ?.Where(field => entry.Proves(field.Key, field.Value))
                    .ToDictionary(field => field.Key, field => field.Value.Value!),
            Convert.ToHexStringLower(row.Hash)
        );
}
