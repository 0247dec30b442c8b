using System.Collections.Concurrent;
using Gateway.Features.Contacts;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.CompareOptions))]

namespace Gateway.Features.Lists;

/// <summary>How often lists are compared with their providers.</summary>
internal sealed class CompareOptions
{
    public const string Section = "Lists";

    /// <summary>Hours between two comparisons of a list, 1 to 720; 0 for never.</summary>
    public int CompareHours { get; set; } = 24;

    public bool IsOn => CompareHours > 0;

    internal sealed class Validator : IValidateOptions<CompareOptions>
    {
        public ValidateOptionsResult Validate(string? name, CompareOptions options) =>
            options.CompareHours is < 0 or > 720
                ? ValidateOptionsResult.Fail("Lists__CompareHours is a number of hours from 1 to 720, or 0 for never.")
                : ValidateOptionsResult.Success;
    }
}

/// <summary>
/// Compares each list with its provider, one after the other, about once a day. It is no worker of a queue: reading a large list takes
/// minutes, in which it holds no row and nothing waits for it.
/// </summary>
internal sealed partial class CompareLists(
    IServiceScopeFactory scopes,
    ComparePass pass,
    Outages outages,
    IOptions<CompareOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<CompareLists> logger
) : BackgroundService
{
    /// <summary>How often it is looked whether a list is due.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <summary>For one list, however slowly its provider answers.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Compares those that are due.</summary>
    public async Task CompareDueAsync(IReadOnlyList<ContactList> lists, CancellationToken ct)
    {
        var silent = new HashSet<string>();
        foreach (var list in lists.Where(list => pass.IsDue(list.Id)))
        {
            if (silent.Contains(list.Provider) || !await CompareAsync(list, silent, ct))
            {
                pass.Later(list.Id);
            }
            else
            {
                pass.Done(list.Id);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.IsOn && gateway.Value.IsWorker)
        {
            await Task.Delay(Look, clock, stoppingToken);
            try
            {
                await CompareDueAsync(await AwayAsync(stoppingToken), stoppingToken);
            }
            catch (Exception lost) when (lost is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogNotRead(lost);
            }
        }
    }

    private async Task<List<ContactList>> AwayAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ListStore>().AwayAsync(LocalLists.Key, ct);
    }

    /// <param name="silent">Providers whose other lists need not be tried now; this one's is added when it is one.</param>
    /// <returns>Whether it was compared.</returns>
    private async Task<bool> CompareAsync(ContactList list, HashSet<string> silent, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            if (await IsHeldAsync(list, either.Token))
            {
                LogNotCompared(list.Id, "What is to be told to it is held. It is compared once that works again.");
                return false;
            }

            await using var scope = scopes.CreateAsyncScope();
            var compared = await scope.ServiceProvider.GetRequiredService<CompareList>().CompareAsync(list, all: false, either.Token);
            if (!compared.IsRefused(out var why, out _))
            {
                return true;
            }

            LogNotCompared(list.Id, why.Message);
            if (why.Code == CompareList.ProviderUnavailable)
            {
                silent.Add(list.Provider);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            LogNotCompared(list.Id, "The provider took too long.");
            silent.Add(list.Provider);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // One list must not stop the others.
            LogFailed(list.Id, failed);
        }

        return false;
    }

    /// <summary>A held connection is tried by what waits for it, and not by a comparison.</summary>
    private async Task<bool> IsHeldAsync(ContactList list, CancellationToken ct)
    {
        var way = await outages.EnterAsync([ListConnections.Account(list), ListConnections.List(list)], PushList.Lease, ct);
        await outages.ReturnAsync(way, ct);
        return way.HeldBy is not null || way.Probing.Count > 0;
    }

    [LoggerMessage(LogLevel.Information, "List {ListId} was not compared with its provider: {Reason}")]
    private partial void LogNotCompared(Guid listId, string reason);

    [LoggerMessage(LogLevel.Error, "Comparing list {ListId} with its provider failed inside the gateway; it is tried again")]
    private partial void LogFailed(Guid listId, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The lists that are to be compared with their providers could not be read; it is tried again")]
    private partial void LogNotRead(Exception exception);
}

/// <summary>
/// When this process compares each list next. Two processes that both do change nothing twice, and chance keeps them from beginning
/// together.
/// </summary>
internal sealed class ComparePass(IOptions<CompareOptions> options, TimeProvider clock)
{
    /// <summary>A start has other things to do.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);

    /// <summary>What could not be compared is tried again sooner than on the next day.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, DateTime> _next = new();

    public bool IsDue(Guid listId) => _next.GetOrAdd(listId, _ => Now + AfterStart + (Soon * Random.Shared.NextDouble())) <= Now;

    /// <summary>The list was compared.</summary>
    public void Done(Guid listId) => _next[listId] = Now + Spread(TimeSpan.FromHours(options.Value.CompareHours));

    /// <summary>The list was due and could not be compared.</summary>
    public void Later(Guid listId) => _next[listId] = Now + Spread(Soon);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static TimeSpan Spread(TimeSpan time) => time * (1 + (Random.Shared.NextDouble() / 10));
}
