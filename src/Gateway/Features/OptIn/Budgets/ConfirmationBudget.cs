using Gateway.Features.Mail.Budgets;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>A confirmation mail that somebody asked for.</summary>
/// <param name="Visitor">Where the sign-up came from (<see cref="BudgetKeys.VisitorOf"/>); null when nobody knows.</param>
internal sealed record BudgetClaim(Guid SiteId, EmailAddress Address, byte[]? Visitor);

/// <summary>
/// Whether a confirmation mail may go out now: nobody is to be bombed, whatever lists and sites of the installation a stranger uses for it.
/// Two replicas never spend the last of anything twice (<see cref="MailSpendingStore"/>).
/// </summary>
internal sealed class ConfirmationBudget(
    MailSpendingStore spending,
    BudgetKeys keys,
    LargeDomains large,
    RecipientDomains domains,
    Breakers breakers,
    IOptions<ConfirmationOptions> options,
    TimeProvider clock
)
{
    private sealed record Limit(HoldReason Reason, MailLimit Of);

    /// <summary>Spends what the mails take, inside the caller's transaction.</summary>
    /// <returns>For each in order: null when it may go out; else why it may not, and until when. A mail that waits has spent
    /// nothing.</returns>
    public async Task<IReadOnlyList<Hold?>> SpendAsync(IReadOnlyList<BudgetClaim> claims, CancellationToken ct)
    {
        if (claims.Count == 0)
        {
            return [];
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var wanted = claims.Select(claim => (Claim: claim, Limits: LimitsOf(claim).Where(limit => limit.Of.IsSet).ToList())).ToList();
        var asked = wanted
            .SelectMany(one => one.Limits)
            .GroupBy(limit => limit.Of.Key)
            .ToDictionary(same => same.Key, same => same.Count());
        var counters = await spending.AddAsync(asked, ct);
        var rooms = await breakers.RoomsAsync(claims.Select(claim => (claim.SiteId, domains.GroupOf(claim.Address))), ct);

        var holds = new List<Hold?>(claims.Count);
        var refused = new Dictionary<string, int>();
        foreach (var (claim, limits) in wanted)
        {
            var hold = HoldOf(limits, counters) ?? rooms.Take(claim.SiteId, domains.GroupOf(claim.Address), NetworkOf(claim), now);
            holds.Add(hold);
            foreach (var limit in limits)
            {
                if (hold is null)
                {
                    counters[limit.Of.Key].Grant();
                }
                else
                {
                    refused[limit.Of.Key] = refused.GetValueOrDefault(limit.Of.Key) + 1;
                }
            }
        }

        await spending.GiveBackAsync(refused, ct);
        await breakers.RecordAsync(rooms, ct);
        return holds;
    }

    private int? NetworkOf(BudgetClaim claim) => keys.NetworkOf(claim.Visitor, claim.SiteId, domains.GroupOf(claim.Address));

    private IEnumerable<Limit> LimitsOf(BudgetClaim claim)
    {
        var budget = options.Value.Budget;
        yield return new(
            HoldReason.Mailbox,
            new(keys.Of("mailbox", MailboxFolding.Of(claim.Address)), budget.MailboxPerHour, budget.MailboxPerDay, budget.MailboxPerWeek)
        );

        var domain = domains.GroupOf(claim.Address);
        yield return new(
            HoldReason.Domain,
            large.Has(domain)
                ? new(keys.Of("domain", domain), budget.LargeDomainPerHour, budget.LargeDomainPerDay)
                : new(keys.Of("domain", domain), budget.DomainPerHour, budget.DomainPerDay)
        );

        if (claim.Visitor is not null)
        {
            var (visitor, network) = BudgetKeys.Of(claim.Visitor);
            if (visitor is not null)
            {
                yield return new(HoldReason.Visitor, new(visitor, budget.VisitorPerHour, budget.VisitorPerDay));
            }

            yield return new(HoldReason.Network, new(network, budget.NetworkPerHour, budget.NetworkPerDay));
        }

        yield return new(HoldReason.Site, new(keys.Of("site", claim.SiteId.ToString("N")), budget.SitePerHour, budget.SitePerDay));
    }

    /// <returns>The limit that leaves no room for the longest time.</returns>
    private static Hold? HoldOf(IEnumerable<Limit> limits, Dictionary<string, MailCounter> counters) =>
        limits
            .Select(limit => (limit.Reason, Until: counters[limit.Of.Key].FullUntil(limit.Of)))
            .Where(full => full.Until is not null)
            .OrderByDescending(full => full.Until)
            .Select(full => new Hold(full.Reason, full.Until!.Value))
            .FirstOrDefault();
}
