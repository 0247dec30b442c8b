using Gateway.Features.Lists;
using Gateway.Features.Operations;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// DELETE /v1/contacts/{id} — erasure (GDPR art. 17): everything that names the person goes, here and at the providers; the ledger keeps entries without
/// personal values, so that its chain still verifies, and a suppression stays as a keyed hash.
/// </summary>
internal sealed class EraseContact(GatewayDb db, ContactBook contacts, ConsentLedger ledger, ListWishes wishes, AuditLog audit, Nudge<SyncLists> lists)
{
    public static void Map(IEndpointRouteBuilder group) => group
        .MapDelete("/{id}", HandleAsync)
        .RequireAuthorization(Policies.Scoped(Scopes.Contacts))
        .WithName(nameof(EraseContact))
        .WithSummary("Erase a person; the consent ledger stays verifiable");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, CallingSite site, EraseContact erase, HttpContext http, CancellationToken ct) =>
        PublicId.Parse(PublicId.Contact, id) is { } contactId
        && await erase.EraseAsync(site.Id, contactId, http.User.FindFirst(CallerClaims.Caller)!.Value, ct)
            ? TypedResults.NoContent()
            : Problems.NotFound("contact");

    /// <returns>False when the site has no such contact.</returns>
    public async Task<bool> EraseAsync(Guid siteId, Guid contactId, string actor, CancellationToken ct)
    {
        var erased = await db.WriteAsync(
            async () =>
            {
                if (await contacts.HoldAsync(siteId, contactId, ct) is not { } contact)
                {
                    return false;
                }

                await wishes.ForgetAsync(contact, ct);
                await ForgetAsync(contact, ct);
                await ledger.EraseAsync(siteId, contactId, ct);
                await ledger.AppendAsync(siteId, new(ConsentKind.Erased, contactId, Guid.Empty, new Dictionary<string, string?>(), new Dictionary<string, string?>()), ct);
                db.OnCommitted(lists.Soon);
                return true;
            },
            ct);
        if (erased)
        {
            await audit.WriteAsync(siteId, actor, "contact.erased", PublicId.Format(PublicId.Contact, contactId), ct);
        }

        return erased;
    }

    private async Task ForgetAsync(Contact contact, CancellationToken ct)
    {
        var requests = db.OptInRequests.Where(request => request.ContactId == contact.Id);
        await db.Submissions.Where(row => requests.Any(request => request.SubmissionId == row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.Body, "{}"u8.ToArray()), ct);
        await db.LinkTokens.Where(token => db.Subscriptions.Any(one => one.Id == token.SubscriptionId && one.ContactId == contact.Id)).ExecuteDeleteAsync(ct);
        await db.Messages.Where(message => message.ContactId == contact.Id || (message.SiteId == contact.SiteId && message.Address == contact.AddressKey)).ExecuteDeleteAsync(ct);
        await db.Events.Where(row => row.ContactId == contact.Id || requests.Any(request => request.SubmissionId == row.Id)).ExecuteDeleteAsync(ct);
        await requests.ExecuteDeleteAsync(ct);
        await db.Subscriptions.Where(one => one.ContactId == contact.Id).ExecuteDeleteAsync(ct);
        await db.Contacts.Where(one => one.Id == contact.Id).ExecuteDeleteAsync(ct);
    }
}
