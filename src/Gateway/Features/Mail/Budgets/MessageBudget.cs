using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Budgets;

/// <summary>Which limit keeps a transactional mail from being taken in.</summary>
internal enum MessageLimit
{
    /// <summary>The site wrote to this mailbox often enough within an hour.</summary>
    Mailbox,

    /// <summary>The site sent its mails of a day.</summary>
    Site,
}

/// <param name="Until">When there is room again, UTC.</param>
internal sealed record MessageOverLimit(MessageLimit Limit, int Max, DateTime Until);

/// <summary>
/// How many transactional mails a site may send: a stolen token, or a loop in somebody's script, is not to fill a stranger's mailbox.
/// Mails that the gateway writes of itself, such as confirmations and welcomes, do not count here.
/// </summary>
internal sealed class MessageBudget(MailSpendingStore spending, BudgetKeys keys, IOptions<MailOptions> options)
{
    /// <summary>Spends one mail, inside the caller's transaction.</summary>
    /// <returns>The limit that leaves no room, and nothing was spent; null when it may go out.</returns>
    public async Task<MessageOverLimit?> SpendAsync(Guid siteId, EmailAddress to, CancellationToken ct)
    {
        var limits = LimitsOf(siteId, to);
        if (limits.Count == 0)
        {
            return null;
        }

        var one = limits.ToDictionary(limit => limit.Of.Key, _ => 1);
        var counters = await spending.AddAsync(one, ct);
        var over = limits
            .Select(limit => (limit.Limit, limit.Of, Until: counters[limit.Of.Key].FullUntil(limit.Of)))
            .Where(full => full.Until is not null)
            .OrderByDescending(full => full.Until)
            .Select(full => new MessageOverLimit(full.Limit, Math.Max(full.Of.PerHour, full.Of.PerDay), full.Until!.Value))
            .FirstOrDefault();
        if (over is not null)
        {
            await spending.GiveBackAsync(one, ct);
        }

        return over;
    }

    /// <summary>For a mail that turned out to be there already.</summary>
    public Task GiveBackAsync(Guid siteId, EmailAddress to, CancellationToken ct) =>
        spending.GiveBackAsync(LimitsOf(siteId, to).ToDictionary(limit => limit.Of.Key, _ => 1), ct);

    private List<(MessageLimit Limit, MailLimit Of)> LimitsOf(Guid siteId, EmailAddress to)
    {
        var (site, budget) = (siteId.ToString("N"), options.Value.Budget);
        (MessageLimit Limit, MailLimit Of)[] all =
        [
            (MessageLimit.Mailbox, new(keys.Of("message", $"{site} {MailboxFolding.Of(to)}"), budget.MailboxPerHour, PerDay: 0)),
            (MessageLimit.Site, new(keys.Of("messages", site), PerHour: 0, budget.SitePerDay)),
        ];
        return [.. all.Where(one => one.Of.IsSet)];
    }
}
