using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn.ContactsApi.Batch;

/// <summary>
/// Applies one change in one transaction. What a change asks for depends on how things stand, so that telling it again changes nothing.
/// </summary>
internal sealed class ChangeContact(
    GatewayDb db,
    ListStore lists,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    AskSiteMember ask,
    StartOptIn optIn,
    ProveSubscription prove,
    EndSubscription end,
    EraseContact erase,
    ListSyncQueue syncs,
    Signal<SyncLists> sync
)
{
    /// <param name="change">Valid by its validator.</param>
    public async Task<BatchResult> ApplyAsync(ContactChange change, Site site, CancellationToken ct)
    {
        var address = EmailAddress.Parse(change.Email)!;
        if (change.List is null)
        {
            return change.Action == ContactChange.Delete
                ? await EraseAsync(change, site, address, ct)
                : await db.WriteAsync(() => UpdateAsync(change, site, address, ct), ct);
        }

        if (change is { Action: ContactChange.Upsert, OptIn: not ContactRequest.Proven })
        {
            await optIn.LookUpAsync([address], ct);
        }

        return await lists.FindAsync(site.Id, change.List, ct) is not { } list
                ? Refused(change, Problems.Invalid("list", "There is no such list at this site."))
            : change.Action == ContactChange.Delete ? await db.WriteAsync(() => TakeOffAsync(change, site, address, list, ct), ct)
            : list.ErrorOfJoining() is { } closed ? Refused(change, Problems.Of(closed))
            : await db.WriteAsync(() => PutOnAsync(change, site, address, list, ct), ct);
    }

    private async Task<BatchResult> EraseAsync(ContactChange change, Site site, EmailAddress address, CancellationToken ct)
    {
        await erase.EraseAsync(site.Id, address, PublicId.Format(PublicId.Site, site.Id), ct);
        return Gone(change);
    }

    private async Task<BatchResult> TakeOffAsync(
        ContactChange change,
        Site site,
        EmailAddress address,
        ContactList list,
        CancellationToken ct
    )
    {
        if (await FindAsync(site, address, ct) is { } contactId)
        {
            await end.RemoveAsync(contactId, list.Id, ct);
        }

        return Gone(change);
    }

    private async Task<BatchResult> UpdateAsync(ContactChange change, Site site, EmailAddress address, CancellationToken ct) =>
        await FindAsync(site, address, ct) is { } contactId && await TakeOverAsync(change, site, contactId, ct)
            ? Done(change, StatusCodes.Status200OK, contactId)
            : Refused(change, Problems.NotFound("contact"));

    private async Task<BatchResult> PutOnAsync(
        ContactChange change,
        Site site,
        EmailAddress address,
        ContactList list,
        CancellationToken ct
    )
    {
        // The old address leaves whatever becomes of the new one: it is not the person's any more.
        if (
            EmailAddress.Parse(change.PreviousEmail) is { } previous
            && previous.Key != address.Key
            && await FindAsync(site, previous, ct) is { } before
        )
        {
            await end.RemoveAsync(before, list.Id, ct);
        }

        var isProven = change.OptIn == ContactRequest.Proven;
        var refused = isProven
            ? await prove.SubscribeAsync(change.ToProof(site, list, address, PublicId.Format(PublicId.Site, site.Id)), ct)
            : await ask.AskAsync(change, site, list, address, ct);
        if (refused is { } reason)
        {
            return Refused(change, Problems.Of(reason.ToRefusal()));
        }

        var contactId = (await FindAsync(site, address, ct))!.Value;
        if (!isProven && (await subscriptions.ConfirmedListsAsync([contactId], ct))[contactId].Contains(list.Id))
        {
            await TakeOverAsync(change, site, contactId, ct);
        }

        return Done(change, isProven ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, contactId);
    }

    /// <returns>False when the contact is no longer there.</returns>
    private async Task<bool> TakeOverAsync(ContactChange change, Site site, Guid contactId, CancellationToken ct)
    {
        if (await contacts.LockAsync(site.Id, contactId, ct) is not { } contact)
        {
            return false;
        }

        if (contact.TakeOver(change.TrimmedName(), change.KnownLanguage(site) ?? contact.Language, change.AllProperties()))
        {
            await db.SaveChangesAsync(ct);
            await syncs.EnqueueAgainAsync(contactId, ct);
            db.OnCommitted(sync.Wake);
        }

        return true;
    }

    private async Task<Guid?> FindAsync(Site site, EmailAddress address, CancellationToken ct) =>
        (await contacts.FindAsync(site.Id, address, ct))?.Id;

    private static BatchResult Done(ContactChange change, int status, Guid contactId) =>
        new(change.Key, status, PublicId.Format(PublicId.Contact, contactId), null);

    /// <summary>Whoever was never here is gone as well, and the answer is the same.</summary>
    private static BatchResult Gone(ContactChange change) => new(change.Key, StatusCodes.Status204NoContent, null, null);

    private static BatchResult Refused(ContactChange change, ProblemHttpResult problem) => BatchResult.Refused(change.Key, problem);
}
