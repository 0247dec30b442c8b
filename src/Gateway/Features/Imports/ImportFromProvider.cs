using System.Globalization;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Imports.Reading;
using Gateway.Features.Lists;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Imports;

/// <summary>
/// Brings along who is on a list at a provider, with the day since when the provider knows them; who left there, or is excluded or blocked,
/// is suppressed here. Nothing is changed at the provider.
/// </summary>
internal sealed class ImportFromProvider(ConnectionStore connections, ListProviders providers, ReceiveImport receive, DecideImport decide)
{
    private const string On = "subscribed";
    private const string Off = "unsubscribed";

    private static readonly string[] Columns = [ImportFields.Email, ImportFields.Status, ImportFields.ConsentAt];

    /// <param name="provider">Such as <c>mailjet</c>.</param>
    /// <param name="connectionId">conn_….</param>
    /// <param name="providerList">The list's id there.</param>
    /// <param name="listId">The list that people come onto, lst_….</param>
    /// <param name="consentOn">The day of consent of those of whom the provider tells none, UTC; null refuses them.</param>
    /// <param name="actor">As the audit names them.</param>
    public async Task<Result<Import>> StartAsync(
        Site site,
        string provider,
        string connectionId,
        string providerList,
        string listId,
        DateOnly? consentOn,
        string actor,
        CancellationToken ct
    )
    {
        if (
            await connections.FindAsync(PublicId.Parse(PublicId.Connection, connectionId), ct) is not { } row
            || row.Provider != provider
            || (row.SiteId is { } owner && owner != site.Id)
        )
        {
            return Refusal.Invalid("connection", $"The site has no connection to {provider} of this id.");
        }

        if (connections.Open(row).IsRefused(out var why, out var open))
        {
            return why;
        }

        if (providers.Open(open) is not { } there || there is not IListReader reader)
        {
            return Refusal.Invalid("connection", $"{open.Provider.Title} tells nobody who is on its lists.");
        }

        if (there.ErrorOf(providerList) is { } wrong)
        {
            return Refusal.Invalid("providerList", wrong);
        }

        var reading = await reader.ReadAsync(ListOf(site, row, providerList), ct);
        if (reading.People is not { } people)
        {
            return new Refusal(
                RefusalKind.Conflict,
                "list_unreadable",
                reading.Failed?.Why ?? "The provider gave no answer that can be used."
            );
        }

        if (people.Count == 0)
        {
            return Refusal.Invalid("providerList", "Nobody is on this list at the provider.");
        }

        var name = $"{open.Provider.Title}, list {providerList}";
        var rows = RowsOf(people).ToAsyncEnumerable();
        if ((await receive.ReceiveAsync(site.Id, name, actor, Columns, rows, ct)).IsRefused(out why, out var draft))
        {
            return why;
        }

        var plan = new ImportPlan(
            new Dictionary<string, string>(),
            $"Brought along from {name}",
            ConsentText: null,
            consentOn,
            DateOrder.Unknown
        );
        var started = await decide.StartAsync(draft, listId, plan, actor, ct);
        if (started is Result<Import>.Refused)
        {
            await decide.DeleteAsync(draft, actor, ct);
        }

        return started;
    }

    /// <summary>The list at the provider, which need be none of ours.</summary>
    private static ContactList ListOf(Site site, Connection connection, string providerList) =>
        new()
        {
            SiteId = site.Id,
            Name = providerList,
            Provider = connection.Provider,
            ConnectionId = connection.Id,
            ProviderListId = providerList,
        };

    /// <summary>In the order of their addresses, each as a row of its own.</summary>
    private static IEnumerable<FileRow> RowsOf(IReadOnlyDictionary<string, ListMember> people) =>
        people
            .OrderBy(person => person.Key, StringComparer.Ordinal)
            .Select(
                (person, at) =>
                    new FileRow(
                        at + 1,
                        [
                            person.Value.Address ?? person.Key,
                            person.Value.IsOff ? Off : On,
                            person.Value.KnownSince?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "",
                        ]
                    )
            );
}
