using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Imports.Exports;

/// <summary>
/// What a site has here, to be taken elsewhere: read some hundred rows at a time while they are written, so that its size does not count.
/// </summary>
internal sealed class ExportSite(
    ContactStore contacts,
    SubscriptionStore subscriptions,
    ListStore lists,
    Suppressions suppressions,
    ConsentLedger ledger,
    TemplateStore templates
)
{
    public const string Contacts = "contacts";
    public const string Suppressed = "suppressions";
    public const string Ledger = "ledger";
    public const string Templates = "templates";

    public static readonly string[] All = [Contacts, Suppressed, Ledger, Templates];

    private const int Page = 500;

    /// <param name="what">One of <see cref="All"/>.</param>
    public ExportTable Of(string what, Site site, CancellationToken ct) =>
        what switch
        {
            Contacts => new(
                what,
                ["contact", "email", "name", "language", "properties", "createdAt", "list", "listName", "status", "confirmedAt"],
                ContactsAsync(site, ct)
            ),
            Suppressed => new(what, ["email", "list", "listName", "reason", "source", "since"], SuppressionsAsync(site, ct)),
            Ledger => new(
                what,
                ["sequence", "kind", "contact", "list", "occurredAt", "facts", "personal", "hash"],
                LedgerAsync(site, ct)
            ),
            _ => new(
                what,
                ["template", "key", "name", "kind", "language", "version", "state", "subject", "preheader", "html", "text", "updatedAt"],
                TemplatesAsync(site, ct)
            ),
        };

    /// <summary>A person on two lists is there twice; one on none is there once.</summary>
    private async IAsyncEnumerable<IReadOnlyList<object?>> ContactsAsync(
        Site site,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var names = await NamesAsync(site, ct);
        await foreach (var page in contacts.PagesAsync(site.Id, Page, ct))
        {
            var standings = await subscriptions.OfContactsAsync([.. page.Select(contact => contact.Id)], ct);
            foreach (var contact in page)
            {
                foreach (var standing in standings[contact.Id].DefaultIfEmpty())
                {
                    yield return
                    [
                        PublicId.Format(PublicId.Contact, contact.Id),
                        contact.Address,
                        contact.Name,
                        contact.Language,
                        contact.KnownProperties(),
                        contact.CreatedAt,
                        standing is null ? null : PublicId.Format(PublicId.List, standing.ListId),
                        standing is null ? null : names.GetValueOrDefault(standing.ListId),
                        standing is null ? null : CaseConverter.Lower(standing.State.ToString()),
                        standing?.ConfirmedAt,
                    ];
                }
            }
        }
    }

    /// <summary>By the people whom the site knows: a suppression itself holds no address.</summary>
    private async IAsyncEnumerable<IReadOnlyList<object?>> SuppressionsAsync(
        Site site,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var names = await NamesAsync(site, ct);
        await foreach (var page in contacts.PagesAsync(site.Id, Page, ct))
        {
            var found = await suppressions.AllOfAsync(
                SuppressionChannel.Email,
                site.Id,
                [.. page.Select(contact => contact.AddressKey)],
                ct
            );
            foreach (var contact in page)
            {
                foreach (var one in found[contact.AddressKey])
                {
                    yield return
                    [
                        contact.Address,
                        one.ListId == Guid.Empty ? null : PublicId.Format(PublicId.List, one.ListId),
                        names.GetValueOrDefault(one.ListId),
                        CaseConverter.Lower(one.Reason.ToString()),
                        one.Source,
                        one.CreatedAt,
                    ];
                }
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<object?>> LedgerAsync(
        Site site,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await foreach (var row in ledger.AllAsync(site.Id, Page, ct))
        {
            yield return
            [
                row.Sequence,
                CaseConverter.Lower(row.Kind.ToString()),
                PublicId.Format(PublicId.Contact, row.ContactId),
                row.ListId == Guid.Empty ? null : PublicId.Format(PublicId.List, row.ListId),
                row.OccurredAt,
                LedgerEntry.Read(row).Facts,
                LedgerEntry.PersonalOf(row)?.ToDictionary(field => field.Key, field => field.Value.Value),
                Convert.ToHexStringLower(row.Hash),
            ];
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<object?>> TemplatesAsync(
        Site site,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var template in await templates.OfSiteAsync(site.Id, ct))
        {
            foreach (var version in await templates.CurrentWordsAsync(template.Id, ct))
            {
                yield return
                [
                    PublicId.Format(PublicId.Template, template.Id),
                    template.Key,
                    template.Name,
                    CaseConverter.Lower(template.Kind.ToString()),
                    version.Language,
                    version.Number,
                    CaseConverter.Lower(version.State.ToString()),
                    version.Subject,
                    version.Preheader,
                    version.Html,
                    version.Text,
                    version.UpdatedAt,
                ];
            }
        }
    }

    private async Task<Dictionary<Guid, string>> NamesAsync(Site site, CancellationToken ct) =>
        (await lists.OfSiteAsync(site.Id, ct)).ToDictionary(list => list.Id, list => list.Name);
}
