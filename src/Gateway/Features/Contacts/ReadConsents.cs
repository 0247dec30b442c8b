using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// GET /v1/contacts/{id}/consents — the evidence of one person's consent: JSON, or with <c>Accept: text/html</c> a page to print.
/// </summary>
internal sealed class ReadConsents(GatewayDb db, SiteStore sites)
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

        var site = await sites.GetAsync(siteId, ct);
        var lists = await db
            .Lists.AsNoTracking()
            .Where(list => list.SiteId == siteId)
            .ToDictionaryAsync(list => list.Id, list => list.Name, ct);
        return new(
            PublicId.Format(PublicId.Site, siteId),
            site.Name,
            PublicId.Format(PublicId.Contact, contactId),
            [.. rows.Select(row => Of(row, lists.GetValueOrDefault(row.ListId)))]
        );
    }

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

    private static ConsentCertificateEntry Of(Consent row, string? list)
    {
        using var entry = JsonDocument.Parse(row.Entry);
        var facts = entry.RootElement.GetProperty("facts").Deserialize<Dictionary<string, string?>>()!;
        var personal = row.Personal is null
            ? null
            : JsonSerializer
                .Deserialize<Dictionary<string, ConsentLedger.Salted>>(row.Personal, JsonSerializerOptions.Web)!
                .ToDictionary(field => field.Key, field => field.Value.Value);
        return new(
            row.Sequence,
            CaseConverter.Lower(row.Kind.ToString()),
            row.OccurredAt,
            facts.GetValueOrDefault("listName") ?? list,
            facts,
            personal,
            Convert.ToHexStringLower(row.Hash)
        );
    }
}
