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
/// <param name="TestedAt">When it was last tried, UTC, if only by what goes over it; null when it never was.</param>
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
    Witnesses witnesses,
    IServiceProvider services
)
{
    public async Task<IReadOnlyList<ConnectionResponse>> DescribeAsync(IEnumerable<Connection> rows, CancellationToken ct)
    {
        var open = await outages.OpenAsync(ct);
        return [.. rows.Select(row => Describe(row, open.Find(one => Connection.IdIn(one.Connection) == row.Id)))];
    }

    /// <summary>The connections that are held now.</summary>
    public async Task<IReadOnlyCollection<Guid>> HeldAsync(CancellationToken ct) =>
        [.. (await outages.OpenAsync(ct)).Select(one => Connection.IdIn(one.Connection)).OfType<Guid>().Distinct()];

    /// <summary>The accounts in the installation's settings, which appear beside those that were made.</summary>
    public async Task<IReadOnlyList<ConnectionResponse>> InstallationAsync(CancellationToken ct)
    {
        var open = await outages.OpenAsync(ct);
        return
        [
            .. from provider in providers.All
            let settings = provider.Installation(services)
            where !settings.Errors().Any()
            let outage = open.Find(one => GoesOver(one.Connection, provider))
            let passed = LastPassed(name => GoesOver(name, provider))
            select new ConnectionResponse(
                Id: null,
                "installation",
                ConnectionProviders.Word(provider.Kind),
                provider.Key,
                $"{provider.Title} ({provider.Section})",
                settings.Name,
                [],
                [],
                StateOf(outage?.Reason, passed),
                outage?.Since,
                outage?.Reason,
                passed,
                CreatedAt: null,
                CreatedBy: null
            ),
        ];
    }

    /// <param name="outage">The oldest that holds it; null while none does.</param>
    private ConnectionResponse Describe(Connection row, Outage? outage)
    {
        var isUnreadable = connections.Open(row).IsRefused(out var why, out var open);
        var reason = outage?.Reason ?? why?.Message ?? row.Error;
        var tested = row.TestedAt ?? LastPassed(name => Connection.IdIn(name) == row.Id);
        return new(
            PublicId.Format(PublicId.Connection, row.Id),
            row.SiteId is null ? "installation" : "site",
            ConnectionProviders.Word(row.Kind),
            row.Provider,
            row.Name,
            open?.Settings.Name,
            isUnreadable ? [] : ConnectionSettingsJson.WithoutSecrets(open!.Provider, open.Json),
            isUnreadable ? [] : ConnectionSettingsJson.SecretsIn(open!.Provider, open.Json),
            StateOf(reason, tested),
            reason is null ? null : outage?.Since ?? row.FailingSince,
            reason,
            tested,
            row.CreatedAt,
            row.CreatedBy
        );
    }

    private static string StateOf(string? reason, DateTime? tested) =>
        reason is not null ? "failing"
        : tested is null ? "untested"
        : "works";

    private DateTime? LastPassed(Func<string, bool> isThis) =>
        witnesses.LastPassed.Where(one => isThis(one.Key)).Select(one => (DateTime?)one.Value.UtcDateTime).Max();

    /// <summary>Whether a name is one under which what goes over the installation's account is held.</summary>
    private static bool GoesOver(string connection, ConnectionProvider provider) =>
        provider.Kind switch
        {
            // Of all providers of mail that are set, the installation uses one.
            ConnectionKind.Mail => connection == "mail",
            ConnectionKind.Sms => connection.Split('/') is ["sms", var key, _] && key == provider.Key,
            _ => connection.Split('/') is ["lists", var key, _] && key == provider.Key,
        };
}
