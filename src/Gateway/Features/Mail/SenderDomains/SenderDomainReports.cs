using System.Collections.Concurrent;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// The latest report of each sender domain, for pages and programs that ask often. Whoever asks gets what is known, and a new look is begun
/// in the background when that is old: a page must not wait for name servers that say nothing.
/// </summary>
internal sealed partial class SenderDomainReports(
    IServiceScopeFactory scopes,
    CheckDomain check,
    TimeProvider clock,
    ILogger<SenderDomainReports> logger
)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>Each look asks the name servers some fifty questions.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<DomainReport?>>> _looks = new();
    private readonly ConcurrentDictionary<string, DomainReport> _known = new();

    /// <param name="patience">How long to wait for the first report of a domain.</param>
    /// <returns>Null when there is none yet.</returns>
    public async Task<DomainReport?> ReadAsync(string domain, TimeSpan patience, CancellationToken ct)
    {
        if (_known.TryGetValue(domain, out var known))
        {
            if (clock.GetUtcNow().UtcDateTime - known.CheckedAt > Fresh)
            {
                _ = LookAsync(domain);
            }

            return known;
        }

        try
        {
            return await LookAsync(domain).WaitAsync(patience, clock, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>What is known now, without a look: a page of many domains must not ask name servers a thousand questions.</summary>
    /// <returns>Null when there is none in this process.</returns>
    public DomainReport? Known(string domain) => _known.GetValueOrDefault(domain);

    /// <summary>Looks now and waits for it, for somebody who has just published a record.</summary>
    /// <returns>Null when it could not be looked at, for which the log has the reason.</returns>
    public Task<DomainReport?> LookNowAsync(string domain, CancellationToken ct) => LookAsync(domain).WaitAsync(ct);

    /// <summary>The same for programs, for which what was seen within the last minute counts as new.</summary>
    /// <inheritdoc cref="LookNowAsync"/>
    public async Task<DomainReport?> LookAnewAsync(string domain, CancellationToken ct) =>
        _known.TryGetValue(domain, out var known) && clock.GetUtcNow().UtcDateTime - known.CheckedAt < Apart
            ? known
            : await LookAsync(domain).WaitAsync(ct);

    /// <summary>Those who ask while a look is under way wait for that one.</summary>
    private Task<DomainReport?> LookAsync(string domain) => _looks.GetOrAdd(domain, name => new(() => LookOnceAsync(name))).Value;

    private async Task<DomainReport?> LookOnceAsync(string domain)
    {
        // The look is everybody's: it does not end because one of those who wait hangs up. It has a limit of its own.
        await Task.Yield();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var question = await scope
                .ServiceProvider.GetRequiredService<SenderDomainQuestions>()
                .OfAsync(domain, CancellationToken.None);
            return _known[domain] = await check.OfAsync(question, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogFailed(error);
            return null;
        }
        finally
        {
            _looks.TryRemove(domain, out _);
        }
    }

    [LoggerMessage(LogLevel.Error, "A sender domain could not be looked at")]
    private partial void LogFailed(Exception error);
}
