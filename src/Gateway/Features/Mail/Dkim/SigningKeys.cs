using System.Collections.Frozen;
using System.Security.Cryptography;
using MimeKit.Cryptography;

namespace Gateway.Features.Mail.Dkim;

/// <summary>
/// The keys that sign, in memory: no mail waits for the database. They are read again after some seconds, beside the mails that leave
/// meanwhile; so a process takes part in a change within that time, and the records of old keys stay published for longer.
/// </summary>
internal sealed partial class SigningKeys(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SigningKeys> logger) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a mail the next one waits for them: the keys may have changed days ago.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _keeping = new();
    private Known? _known;
    private int _changes;

    /// <param name="domain">The domain in From, in ASCII and lower case.</param>
    /// <returns>Empty where nothing signs.</returns>
    /// <exception cref="CryptographicException">
    /// There is a key that cannot be read: sent unsigned, the domain's mails would fail where a policy counts on the signature. They wait.
    /// </exception>
    public async ValueTask<IReadOnlyList<DkimSigner>> OfAsync(string domain)
    {
        var known = Volatile.Read(ref _known);
        if (known is null)
        {
            // Only the first mail waits: unsigned it would fail where DMARC counts on the signature.
            known = await ReadAsync(wait: true);
        }
        else if (clock.GetUtcNow() - known.At is var age && age > Stale)
        {
            known = await ReadOrKeepAsync(known);
        }
        else if (age > Fresh)
        {
            _ = ReadAsync(wait: false);
        }

        return known!.Unreadable.Contains(domain)
            ? throw new CryptographicException($"A DKIM key of {domain} was encrypted under another master key.")
            : known.Signers.GetValueOrDefault(domain, []);
    }

    /// <summary>Called after the commit of a change in this process.</summary>
    public void Forget()
    {
        lock (_keeping)
        {
            _changes++;
            _known = null;
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Known?> ReadAsync(bool wait)
    {
        if (!await _reading.WaitAsync(wait ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
        {
            return null;
        }

        try
        {
            var (before, changes) = Look();
            var now = clock.GetUtcNow();
            if (before is not null && now - before.At <= Fresh)
            {
                return before;
            }

            await using var scope = scopes.CreateAsyncScope();
            var secrets = await scope.ServiceProvider.GetRequiredService<DkimKeyStore>().SigningAsync(CancellationToken.None);

            // A key that is the same is kept with what was made of it.
            var same = before is not null && before.Secrets.SequenceEqual(secrets);
            var known = same
                ? before! with
                {
                    At = now,
                }
                : new Known(
                    now,
                    secrets,
                    secrets
                        .Where(secret => secret.Key is not null)
                        .GroupBy(secret => secret.Domain)
                        .ToFrozenDictionary(group => group.Key, IReadOnlyList<DkimSigner> (group) => [.. group.Select(SignerOf)]),
                    secrets.Where(secret => secret.Key is null).Select(secret => secret.Domain).ToFrozenSet()
                );
            Keep(known, changes);
            return known;
        }
        catch (Exception error) when (!wait)
        {
            // The keys that are known go on signing.
            LogUnread(error);
            return null;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<Known> ReadOrKeepAsync(Known known)
    {
        try
        {
            return await ReadAsync(wait: true) ?? known;
        }
        catch (Exception error)
        {
            LogUnread(error);
            return known;
        }
    }

    private (Known? Known, int Changes) Look()
    {
        lock (_keeping)
        {
            return (_known, _changes);
        }
    }

    /// <summary>What was read while something changed may be what was before, so the next mail reads it again.</summary>
    private void Keep(Known known, int changes)
    {
        lock (_keeping)
        {
            _known = changes == _changes ? known : null;
        }
    }

    private static DkimSigner SignerOf(DkimSecret secret) =>
        secret.Kind == DkimKeyStore.Ed25519 ? MailSigner.OfEd25519(secret) : MailSigner.OfRsa(secret);

    private sealed record Known(
        DateTimeOffset At,
        IReadOnlyList<DkimSecret> Secrets,
        FrozenDictionary<string, IReadOnlyList<DkimSigner>> Signers,
        FrozenSet<string> Unreadable
    );

    [LoggerMessage(LogLevel.Warning, "The keys that sign mails could not be read again; those that are known go on signing")]
    private partial void LogUnread(Exception error);
}
