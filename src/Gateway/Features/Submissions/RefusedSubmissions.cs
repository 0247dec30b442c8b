using Gateway.Features.Contacts;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>Submissions that failed because the person must not be written to, once they may be again.</summary>
internal sealed class RefusedSubmissions(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    SubmissionAddresses addresses,
    BudgetKeys keys
) : IRefusalListener
{
    /// <summary>What they failed with.</summary>
    public const string Code = "suppressed";

    private const string Lifted =
        "Nothing was sent, since this address was not to be written to. That was lifted since: replay it, and the mail is sent.";

    /// <summary>
    /// Whoever takes it back signs up once more, so that what came before is settled. Where somebody else lifted it, whether to send the
    /// mail, perhaps long after the sign-up, is still to be decided.
    /// </summary>
    public async Task LiftedAsync(Guid siteId, EmailAddress address, bool byPerson, CancellationToken ct)
    {
        var refused = await addresses.FailedAsync(siteId, address.Key, Code, ct);
        if (refused.Count == 0)
        {
            return;
        }

        var site = await sites.GetAsync(siteId, ct);
        var known = (await lists.OfSiteAsync(siteId, ct)).ToDictionary(list => list.Id);
        foreach (var row in refused)
        {
            var commands = SubmissionPlan.For(row, site, known, keys).Commands;
            if (commands.Any(command => command.Address.Key == address.Key) && !await IsRefusedAsync(commands, ct))
            {
                await ChangeAsync(row.Id, byPerson, ct);
            }
        }
    }

    /// <summary>Whether something still stands in the way: another list of the same form, or another person in it.</summary>
    private async Task<bool> IsRefusedAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        foreach (var command in commands)
        {
            if (
                await suppressions.FindAsync(SuppressionChannel.Email, command.SiteId, command.Address.Key, ct)
                    is { Reason: not SuppressionReason.Unsubscribed }
                || (
                    await contacts.FindAsync(command.SiteId, command.Address, ct) is { } contact
                    && (await subscriptions.OfContactAsync(contact.Id, ct)).Exists(one =>
                        one.List.Id == command.List.Id && one.Subscription.State == SubscriptionState.Cancelled
                    )
                )
            )
            {
                return true;
            }
        }

        return false;
    }

    private Task<int> ChangeAsync(Guid id, bool isSettled, CancellationToken ct)
    {
        var mine = db.Submissions.Where(row => row.Id == id && row.FailureCode == Code);
        return isSettled
            ? mine.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, SubmissionState.Done)
                        .SetProperty(row => row.FailureCode, (string?)null)
                        .SetProperty(row => row.Failure, (string?)null)
                        .SetProperty(row => row.Visitor, (byte[]?)null),
                ct
            )
            : mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.Failure, Lifted), ct);
    }
}
