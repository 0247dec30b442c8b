using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>
/// DELETE /v1/contacts/{id} — erasure (GDPR art. 17): everything that names the person goes, here and at the providers; the ledger keeps
/// entries without
/// personal values, so that its chain still verifies, and a suppression stays as a keyed hash.
/// </summary>
internal sealed class EraseContact(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    IEnumerable<IPersonalData> kept,
    AuditLog audit
)
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapDelete("/{id}", HandleAsync)
            .WithName(nameof(EraseContact))
            .WithSummary("Erase a person; the consent ledger stays verifiable");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        EraseContact erase,
        HttpContext http,
        CancellationToken ct
    ) =>
        PublicId.Parse(PublicId.Contact, id) is { } contactId
        && await erase.EraseAsync(site.Id, contactId, http.User.FindFirst(CallerClaims.Caller)!.Value, ct)
            ? TypedResults.NoContent()
            : Problems.NotFound("contact");

    /// <returns>False when the site has no such contact.</returns>
    public Task<bool> EraseAsync(Guid siteId, Guid contactId, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await contacts.LockAsync(siteId, contactId, ct) is not { } contact)
                {
                    return false;
                }

                var person = await SubjectOfAsync(contact, ct);
                foreach (var data in kept)
                {
                    await data.EraseAsync(person, ct);
                }

                await audit.RecordAsync(siteId, actor, "contact.erased", PublicId.Format(PublicId.Contact, contactId), ct);
                return true;
            },
            ct
        );

    private async Task<DataSubject> SubjectOfAsync(Contact contact, CancellationToken ct)
    {
        var submissions = await db
            .OptInRequests.Where(request => request.ContactId == contact.Id && request.SubmissionId != null)
            .Select(request => request.SubmissionId!.Value)
            .Distinct()
            .ToListAsync(ct);
        var joined = await subscriptions.OfContactAsync(contact.Id, ct);
        return new(contact.SiteId, contact.Id, contact.AddressKey, [.. joined.Select(one => one.Subscription.Id)], submissions);
    }
}
