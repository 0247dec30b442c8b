using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.ContactsApi.Batch;

/// <summary>What came of asking somebody whom the site knows.</summary>
/// <param name="Refused">Why nobody asks them; null when they were asked, now or before, or are on the list.</param>
/// <param name="Standing">Their subscription as it was found or made; null where they refused before.</param>
/// <param name="IsNew">Whether they had no subscription to the list before, or the site had taken them off it.</param>
/// <param name="IsAsked">Whether they are asked now. Neither that nor on the list is who had as many mails as may be in so short a
/// time.</param>
internal sealed record AskedMember(NoContactReason? Refused, Subscription? Standing, bool IsNew, bool IsAsked);

/// <summary>
/// Asks a site's user to confirm a list, once. A site tells of its users again and again: whoever was asked, did not answer, or left, is
/// asked anew
/// only when they agreed since then.
/// </summary>
internal sealed class AskSiteMember(
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    StartOptIn optIn,
    TimeProvider clock
)
{
    /// <returns>Why not; null when the person was asked, now or before, or is on the list. Runs inside the caller's transaction.</returns>
    public async Task<NoContactReason?> AskAsync(
        ContactRequest request,
        Site site,
        ContactList list,
        EmailAddress address,
        CancellationToken ct
    )
    {
        var command = request.ToCommand(site, list, address, "site", clock.GetUtcNow().UtcDateTime);
        return (await AskAsync(command, IsoTime.Parse(request.Consent?.At), ct)).Refused;
    }

    /// <param name="agreedAt">When the person agreed last, UTC; null where nobody says so.</param>
    public async Task<AskedMember> AskAsync(OptInCommand command, DateTime? agreedAt, CancellationToken ct)
    {
        var (siteId, list, address) = (command.SiteId, command.List, command.Address);
        var refused = (await suppressions.AllOfAsync(SuppressionChannel.Email, siteId, address.Key, ct)).FindAll(one =>
            (one.ListId == Guid.Empty || one.ListId == list.Id)
            && !(one.Reason == SuppressionReason.Unsubscribed && agreedAt > one.CreatedAt)
        );
        if (refused.MaxBy(one => one.Reason) is { } strongest)
        {
            return new(strongest.Reason.ToNoContact(), Standing: null, IsNew: false, IsAsked: false);
        }

        var contactId = (await contacts.FindOrAddAsync([optIn.NewContact(command, clock.GetUtcNow())], ct)).Values.Single().Id;
        var (standing, isNew) = await subscriptions.FindOrAddAsync(siteId, contactId, list.Id, ct);
        var isOff = isNew || standing.State == SubscriptionState.Removed;
        if (isOff || agreedAt > AskedOrLeftAt(standing))
        {
            await optIn.StartAsync([command], ct);

            // Of each person's mails there are few a week, whoever asks for them.
            var isAsked = isNew || (await subscriptions.FindAsync(standing.Id, ct))?.State == SubscriptionState.Pending;
            return new(Refused: null, standing, isOff && isAsked, isAsked);
        }

        return new(
            standing.State switch
            {
                SubscriptionState.Cancelled => NoContactReason.Cancelled,
                SubscriptionState.Unsubscribed => NoContactReason.Unsubscribed,
                _ => null,
            },
            standing,
            IsNew: false,
            IsAsked: false
        );
    }

    /// <returns>Null where no later consent is a reason to ask: the person is on the list, has a mail to answer, or said it was not
    /// them.</returns>
    private static DateTime? AskedOrLeftAt(Subscription standing) =>
        standing.State switch
        {
            SubscriptionState.Expired => standing.LastMailAt,
            SubscriptionState.Unsubscribed => standing.LastMailAt > standing.LeftAt ? standing.LastMailAt : standing.LeftAt,
            _ => null,
        };
}
