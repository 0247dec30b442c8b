using Gateway.Infrastructure;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites.Findings;

/// <summary>How long <see cref="CheckSites"/> rests before it looks again.</summary>
internal sealed record CheckPace(TimeSpan Pause);

/// <summary>
/// Looks at each site for what somebody has to put right, one after the other, again and again. It is no worker of a queue: nothing waits
/// for it, and two processes that both do it find the same.
/// </summary>
internal sealed partial class CheckSites(
    IServiceScopeFactory scopes,
    CheckPace pace,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<CheckSites> logger
) : BackgroundService
{
    /// <summary>Looks at all sites once for one kind of fault.</summary>
    public async Task LookAsync(FindingKind kind, CancellationToken ct)
    {
        foreach (var site in await SitesAsync(ct))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<SiteFindings>().LookAsync(site, kind, ct);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                // One site must not stop the others.
                LogFailed(site.Id, kind, failed);
            }
        }
    }

    /// <summary>Name servers can be slow: each kind goes at its own pace.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        gateway.Value.IsWorker
            ? Task.WhenAll(Enum.GetValues<FindingKind>().Select(kind => RepeatAsync(kind, stoppingToken)))
            : Task.CompletedTask;

    private async Task RepeatAsync(FindingKind kind, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(pace.Pause, clock, ct);
            try
            {
                await LookAsync(kind, ct);
            }
            catch (Exception lost) when (lost is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                LogNotRead(lost);
            }
        }
    }

    private async Task<List<Site>> SitesAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SiteStore>().ListAsync(only: null, ct);
    }

    [LoggerMessage(LogLevel.Error, "Looking at site {SiteId} for faults of a {Kind} failed inside the gateway; it is tried again")]
    private partial void LogFailed(Guid siteId, FindingKind kind, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The sites that are to be looked at could not be read; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
