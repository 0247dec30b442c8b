using System.Text.Json.Nodes;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Connections;

/// <summary>A connection as the API and the command line show it: never with a secret.</summary>
/// <param name="Id"><c>conn_…</c>; null for an account in the installation's settings, which only an operator changes.</param>
/// <param name="Owner"><c>site</c>, or <c>installation</c> for what every site may use.</param>
/// <param name="Kind"><c>list</c>, <c>sms</c> or <c>mail</c>.</param>
/// <param name="Account">What tells it from other accounts at the provider.</param>
/// <param name="Settings">Those that are no secret.</param>
/// <param name="Secrets">The names of the secrets that are set.</param>
/// <param name="State"><c>works</c>, <c>failing</c> or <c>untested</c>.</param>
/// <param name="Since">Since when it is failing, UTC; null while it works.</param>
/// <param name="Reason">Why it is failing, as a sentence; null while it works.</param>
/// <param name="TestedAt">When it was last tried, UTC; null when it never was.</param>
internal sealed record ConnectionResponse(
    string? Id,
    string Owner,
    string Kind,
    string Provider,
    string Name,
    string? Account,
    JsonObject Settings,
    IReadOnlyList<string> Secrets,
    string State,
    DateTime? Since,
    string? Reason,
    DateTime? TestedAt,
    DateTime? CreatedAt,
    string? CreatedBy
);

/// <summary>Says what is known of connections.</summary>
internal sealed class DescribeConnections(
    ConnectionStore connections,
    ConnectionProviders providers,
    Outages outages,
    IServiceProvider services
)
{
    public async Task<IReadOnlyList<ConnectionResponse>> DescribeAsync(IEnumerable<Connection> rows, CancellationToken ct)
    {
        var open = await outages.OpenAsync(ct);
        return [.. rows.Select(row => Describe(row, open.Find(one => Concerns(one, row))))];
    }

    /// <summary>The accounts in the installation's settings, which appear beside those that were made.</summary>
    public IReadOnlyList<ConnectionResponse> Installation() =>
        [
            .. from provider in providers.All
            let settings = provider.Installation(services)
            where !settings.Errors().Any()
            select new ConnectionResponse(
                Id: null,
                "installation",
                ConnectionProviders.Word(provider.Kind),
                provider.Key,
                $"{provider.Title} ({provider.Section})",
                settings.Name,
                [],
                [],
                "untested",
                Since: null,
                Reason: null,
                TestedAt: null,
                CreatedAt: null,
                CreatedBy: null
            ),
        ];

    /// <param name="outage">The oldest that holds it; null while none does.</param>
    private ConnectionResponse Describe(Connection row, Outage? outage)
    {
        var isUnreadable = connections.Open(row).IsRefused(out var why, out var open);
        var reason = outage?.Reason ?? why?.Message ?? row.Error;
        return new(
            PublicId.Format(PublicId.Connection, row.Id),
            row.SiteId is null ? "installation" : "site",
            ConnectionProviders.Word(row.Kind),
            row.Provider,
            row.Name,
            open?.Settings.Name,
            isUnreadable ? [] : ConnectionSettingsJson.WithoutSecrets(open!.Provider, open.Json),
            isUnreadable ? [] : ConnectionSettingsJson.SecretsIn(open!.Provider, open.Json),
            reason is not null ? "failing"
                : row.TestedAt is null ? "untested"
                : "works",
            reason is null ? null : outage?.Since ?? row.FailingSince,
            reason,
            row.TestedAt,
            row.CreatedAt,
            row.CreatedBy
        );
    }

    /// <summary>What goes over a connection is held under the queue's name and the connection's id.</summary>
    private static bool Concerns(Outage outage, Connection row) =>
        outage.Connection.Split('/') is [_, var id, ..] && id == row.Id.ToString("N");
}
