using FluentValidation;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>
/// DELETE /v1/contacts/{id} and POST /v1/contacts/erase — erasure (GDPR art. 17): everything that names the person goes, here and at the
/// providers; the ledger keeps entries without personal values, so that its chain still verifies, and a suppression stays as a keyed hash.
/// </summary>
internal sealed class EraseContact(
    GatewayDb db,
    ContactStore contacts,
    DataSubjects people,
    IEnumerable<IPersonalData> kept,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <param name="Email">Whoever this is, also somebody of whom there are submissions and no contact.</param>
    public sealed record Request(string? Email);

    /// <param name="Erased">How many rows were deleted or emptied, by kind, such as <c>submissions</c>; zeros are left out.</param>
    public sealed record Response(IReadOnlyDictionary<string, int> Erased);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Email).IsOneAddress();
    }

    public static void Map(IEndpointRouteBuilder group)
    {
        group
            .MapDelete("/{id}", HandleAsync)
            .WithName(nameof(EraseContact))
            .WithSummary("Erase a person and all that the site holds of them; the consent ledger stays verifiable");
        group
            .MapPost("/erase", EraseAddressAsync)
            .Validate<Request>()
            .WithName("EraseAddress")
            .WithSummary("Erase whoever has an address, with or without a contact");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        EraseContact erase,
        HttpContext http,
        CancellationToken ct
    ) =>
        PublicId.Parse(PublicId.Contact, id) is { } contactId
        && await erase.EraseAsync(site.Id, contactId, http.User.FindFirst(CallerClaims.Caller)!.Value, ct) is { } erased
            ? TypedResults.Ok(new Response(erased))
            : Problems.NotFound("contact");

    private static async Task<Ok<Response>> EraseAddressAsync(
        Request request,
        CallingSite site,
        EraseContact erase,
        HttpContext http,
        CancellationToken ct
    ) =>
        TypedResults.Ok(
            new Response(
                await erase.EraseAsync(site.Id, EmailAddress.Parse(request.Email)!, http.User.FindFirst(CallerClaims.Caller)!.Value, ct)
            )
        );

    /// <returns>How many rows of each kind; null when the site has no such contact.</returns>
    public Task<IReadOnlyDictionary<string, int>?> EraseAsync(Guid siteId, Guid contactId, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
                await contacts.LockAsync(siteId, contactId, ct) is { } contact
                    ? await EraseAsync(await people.OfAsync(contact, ct), actor, ct)
                    : null,
            ct
        );

    /// <summary>Also somebody who is no contact: they may have sent forms without a box.</summary>
    /// <returns>How many rows of each kind.</returns>
    public Task<IReadOnlyDictionary<string, int>> EraseAsync(Guid siteId, EmailAddress address, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var known = await contacts.FindAsync(siteId, address, ct);
                var contact = known is null ? null : await contacts.LockAsync(siteId, known.Id, ct);
                var person = contact is null
                    ? new DataSubject(siteId, Guid.CreateVersion7(clock.GetUtcNow()), address.Key, [], [], [], [])
                    : await people.OfAsync(contact, ct);
                return await EraseAsync(person, actor, ct);
            },
            ct
        );

    private async Task<IReadOnlyDictionary<string, int>> EraseAsync(DataSubject person, string actor, CancellationToken ct)
    {
        person = await people.KnowAsync(person, ct);
        var erased = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var data in kept)
        {
            if (await data.EraseAsync(person, ct) is var rows and > 0)
            {
                erased[data.Kind] = rows;
            }
        }

        if (erased.Count > 0)
        {
            await audit.RecordAsync(person.SiteId, actor, "contact.erased", PublicId.Format(PublicId.Contact, person.ContactId), ct);
        }

        return erased;
    }
}
