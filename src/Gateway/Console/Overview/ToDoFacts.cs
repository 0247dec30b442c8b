using Gateway.Console.Health;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Settings;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Overview;

/// <summary>Something about the gateway itself that an operator has to put right.</summary>
/// <param name="IsUrgent">Whether work stands still because of it.</param>
/// <param name="Text">What is wrong, as the check says it; null where its name says all.</param>
/// <param name="Check">The check that fails; null for a setting.</param>
internal sealed record GatewayFault(bool IsUrgent, string? Text, string? Check = null)
{
    public string What => Check is null ? T("A setting is wrong or unknown") : T("The gateway cannot do all of its work");

    public string Detail =>
        Check is null ? TStored(Text!)
        : Text is null ? T($"This does not hold: {HealthWords.Of(Check)}.")
        : T($"This does not hold: {HealthWords.Of(Check)}. {TStored(Text)}");
}

/// <summary>What is to be put right beside outages and findings, which every page reads anew.</summary>
/// <param name="Causes">What failed, by cause, the most frequent first.</param>
/// <param name="Limits">Limits of providers that are reached, by site.</param>
/// <param name="Faults">Of the gateway itself; none where the question is about sites.</param>
internal sealed record ToDoFacts(
    IReadOnlyList<FailedCause> Causes,
    ILookup<Guid, ThresholdFigures> Limits,
    IReadOnlyList<GatewayFault> Faults
)
{
    public static readonly ToDoFacts None = new([], Array.Empty<ThresholdFigures>().ToLookup(_ => Guid.Empty), []);
}

/// <summary>
/// Reads what is to be put right. The overview shows it as it is; every other page only says how much that is, as it was some seconds ago,
/// and does not wait for it: beside millions of rows it takes longer than the page itself.
/// </summary>
internal sealed class ToDoReader(IServiceScopeFactory scopes, Readiness readiness, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>What is older is read anew beside the page.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>What is older is waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<bool, Remembered> _remembered = [];
    private readonly Dictionary<bool, Task<ToDoFacts>> _reading = [];

    /// <param name="sites">Of these alone; null is all, and the gateway itself.</param>
    public async Task<ToDoFacts> ReadAsync(IReadOnlyCollection<Guid>? sites, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var causes = await scope.ServiceProvider.GetRequiredService<FailedItems>().CausesAsync(sites, dismissed: false, ct);
        var limits = await scope.ServiceProvider.GetRequiredService<SiteRates>().ThresholdsAsync(sites, ct);
        return new(causes, limits, sites is null ? await FaultsAsync(ct) : []);
    }

    /// <summary>Of all sites, as it was a moment ago. Whoever shows it leaves out what is not its reader's to know.</summary>
    /// <param name="ofGateway">Whether with what operators alone are told.</param>
    public async ValueTask<ToDoFacts> RecentAsync(bool ofGateway, CancellationToken ct)
    {
        Task<ToDoFacts> reading;
        lock (_lock)
        {
            var known = _remembered.GetValueOrDefault(ofGateway);
            if (known is not null && clock.GetElapsedTime(known.At) < Fresh)
            {
                return known.Facts;
            }

            if (!_reading.TryGetValue(ofGateway, out reading!))
            {
                _reading[ofGateway] = reading = Task.Run(() => RememberAsync(ofGateway), CancellationToken.None);
            }

            if (known is not null && clock.GetElapsedTime(known.At) < Longest)
            {
                return known.Facts;
            }
        }

        return await reading.WaitAsync(ct);
    }

    private async Task<ToDoFacts> RememberAsync(bool ofGateway)
    {
        try
        {
            var at = clock.GetTimestamp();
            var facts = await ReadAsync(ofGateway ? null : await AllSitesAsync(), CancellationToken.None);
            lock (_lock)
            {
                _remembered[ofGateway] = new(facts, at);
            }

            return facts;
        }
        finally
        {
            lock (_lock)
            {
                _reading.Remove(ofGateway);
            }
        }
    }

    private async Task<List<Guid>> AllSitesAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        var sites = await scope.ServiceProvider.GetRequiredService<SiteStore>().ListAsync(only: null, CancellationToken.None);
        return sites.ConvertAll(site => site.Id);
    }

    /// <summary>What is held up stands among the outages already.</summary>
    private async Task<List<GatewayFault>> FaultsAsync(CancellationToken ct)
    {
        var report = await readiness.LookAsync(ct);
        var settings = SettingsCheck.Of(configuration);
        return
        [
            .. report
                .Entries.Where(entry => entry.Key != HealthWords.Connections && entry.Value.Status == HealthStatus.Unhealthy)
                .Select(entry => new GatewayFault(IsUrgent: true, entry.Value.Description, entry.Key)),
            .. settings.Errors.Concat(settings.Warnings).Select(sentence => new GatewayFault(IsUrgent: false, sentence)),
        ];
    }

    private sealed record Remembered(ToDoFacts Facts, long At);
}
