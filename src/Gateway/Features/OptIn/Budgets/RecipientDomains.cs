using System.Collections.Concurrent;
using Gateway.Features.Mail.Budgets;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>What is known of a recipient domain.</summary>
internal enum DomainStanding
{
    /// <summary>It takes mail, or nobody could say: when in doubt a domain is good.</summary>
    Good,

    /// <summary>It gives away throw-away addresses.</summary>
    Disposable,

    /// <summary>It says that it takes no mail (RFC 7505), or no server of it exists.</summary>
    NoMail,
}

/// <summary>
/// Knows of domains behind which there is probably nobody. The DNS is asked before a transaction begins and for a short time only; an
/// answer is remembered. Whoever asks inside the transaction gets what is known by then.
/// </summary>
internal sealed class RecipientDomains(
    DisposableDomains disposable,
    LargeDomains large,
    IMailServerLookup servers,
    IOptions<ConfirmationOptions> options,
    TimeProvider clock
)
{
    /// <summary>A stranger may make up domains; more than these are not remembered.</summary>
    private const int MaxRemembered = 20_000;

    private static readonly TimeSpan Remember = TimeSpan.FromHours(6);
    private static readonly TimeSpan RememberDoubt = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (bool TakesMail, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Asks the DNS for those that are not known, side by side, and waits no longer than the time limit.</summary>
    public async Task LookUpAsync(IEnumerable<EmailAddress> addresses, CancellationToken ct)
    {
        var settings = options.Value.Domains;
        if (!settings.AskDns || settings.NoMail == ConfirmationOptions.DomainOptions.Allow)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var unknown = addresses
            .Select(MailboxFolding.DomainOf)
            .Distinct()
            .Where(domain => !_known.TryGetValue(domain, out var known) || known.Until <= now)
            .ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        if (_known.Count + unknown.Count > MaxRemembered)
        {
            _known.Clear();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.TimeLimit);
        await Task.WhenAll(unknown.Select(domain => LookUpAsync(domain, now, limit.Token)));
    }

    public DomainStanding StandingOf(EmailAddress address)
    {
        var domain = MailboxFolding.DomainOf(address);
        return disposable.Has(domain) ? DomainStanding.Disposable
            : _known.TryGetValue(domain, out var known) && !known.TakesMail ? DomainStanding.NoMail
            : DomainStanding.Good;
    }

    /// <summary>
    /// The domain that a mail is counted under. Those with nobody behind them count together: a stranger has as many of them as they want.
    /// So do all below one that somebody registered, but for those where a large provider has its mailboxes.
    /// </summary>
    public string GroupOf(EmailAddress address)
    {
        var settings = options.Value.Domains;
        return StandingOf(address) switch
        {
            DomainStanding.Disposable when settings.Disposable == ConfirmationOptions.DomainOptions.Record => "disposable",
            DomainStanding.NoMail when settings.NoMail == ConfirmationOptions.DomainOptions.Record => "no mail",
            _ => MailboxFolding.DomainOf(address) is var domain && large.Has(domain) ? domain : RegistrableDomain.Of(domain),
        };
    }

    /// <returns>Why no mail is ever sent there; null when one may be.</returns>
    public HoldReason? RefusalOf(EmailAddress address)
    {
        var settings = options.Value.Domains;
        return StandingOf(address) switch
        {
            DomainStanding.Disposable when settings.Disposable == ConfirmationOptions.DomainOptions.Refuse => HoldReason.Disposable,
            DomainStanding.NoMail when settings.NoMail == ConfirmationOptions.DomainOptions.Refuse => HoldReason.NoMail,
            _ => null,
        };
    }

    private async Task LookUpAsync(string domain, DateTimeOffset now, CancellationToken ct)
    {
        var takesMail = await servers.TakesMailAsync(domain, ct);
        _known[domain] = (takesMail ?? true, now + (takesMail is null ? RememberDoubt : Remember));
    }
}
