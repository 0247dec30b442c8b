using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.ContactsApi.Batch;

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
        var now = clock.GetUtcNow();
        var agreedAt = IsoTime.Parse(request.Consent?.At);
        var refused = (await suppressions.AllOfAsync(SuppressionChannel.Email, site.Id, address.Key, ct)).FindAll(one =>
            (one.ListId == Guid.Empty || one.ListId == list.Id)
            && !(one.Reason == SuppressionReason.Unsubscribed && agreedAt > one.CreatedAt)
        );
        if (refused.MaxBy(one => one.Reason) is { } strongest)
        {
            return strongest.Reason.ToNoContact();
        }

        var command = request.ToCommand(site, list, address, "site", now.UtcDateTime);
        var contactId = (await contacts.FindOrAddAsync([optIn.NewContact(command, now)], ct)).Values.Single().Id;
        var (standing, isNew) = await subscriptions.FindOrAddAsync(site.Id, contactId, list.Id, ct);
        if (isNew || standing.State == SubscriptionState.Removed || agreedAt > AskedOrLeftAt(standing))
        {
            await optIn.StartAsync([command], ct);
            return null;
        }

        return standing.State switch
        {
            SubscriptionState.Cancelled => NoContactReason.Cancelled,
            SubscriptionState.Unsubscribed => NoContactReason.Unsubscribed,
            _ => null,
        };
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
