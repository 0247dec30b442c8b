using Gateway.Features.Contacts;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.CompareOptions))]

namespace Gateway.Features.Lists;

/// <summary>How often lists are compared with their providers.</summary>
internal sealed class CompareOptions
{
    public const string Section = "Lists";

    /// <summary>Hours between two comparisons of all lists, 1 to 720; 0 for never.</summary>
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

/// <summary>The worker that compares each list with its provider, one after the other, once a day.</summary>
internal sealed partial class CompareLists(
    ListStore lists,
    IServiceScopeFactory scopes,
    ComparePass pass,
    IOptions<CompareOptions> options,
    TimeProvider clock,
    ILogger<CompareLists> logger
) : IQueueWorker
{
    public Task<DateTime?> NextDueAsync(CancellationToken ct) => Task.FromResult(options.Value.IsOn ? pass.NextAt : (DateTime?)null);

    /// <returns>Always 0, so that there is a pause before the next.</returns>
    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (!options.Value.IsOn || now < pass.NextAt)
        {
            return 0;
        }

        pass.NextAt = now + TimeSpan.FromHours(options.Value.CompareHours);
        foreach (var list in await lists.AwayAsync(LocalLists.Key, ct))
        {
            await using var scope = scopes.CreateAsyncScope();
            var compared = await scope.ServiceProvider.GetRequiredService<CompareList>().CompareAsync(list, all: false, ct);
            if (compared.IsRefused(out var why, out _))
            {
                LogNotCompared(list.Id, why.Message);
            }
        }

        return 0;
    }

    [LoggerMessage(LogLevel.Information, "List {ListId} was not compared with its provider: {Reason}")]
    private partial void LogNotCompared(Guid listId, string reason);
}

/// <summary>When this process compares next. Two processes that both do change nothing twice.</summary>
internal sealed class ComparePass(TimeProvider clock)
{
    /// <summary>A start has other things to do.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);

    public DateTime NextAt { get; set; } = clock.GetUtcNow().UtcDateTime + AfterStart;
}
