using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>POST /v1/contacts/{id}/unsubscribe — the person told the site that they want no more of one list, or of anything.</summary>
internal static class UnsubscribeContact
{
    /// <param name="List">The list to leave; without it the person leaves every list, and nobody at this site writes to them until they
    /// confirm afresh.</param>
    public sealed record Request(string? List);

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/{id}/unsubscribe", HandleAsync)
            .WithName(nameof(UnsubscribeContact))
            .WithSummary("Unsubscribe a contact from one list or from everything");

    private static async Task<Results<Ok<ContactDetails>, ProblemHttpResult>> HandleAsync(
        string id,
        Request? request,
        CallingSite site,
        ContactReader contacts,
        ListStore lists,
        UnsubscribeFromLists unsubscribe,
        EndSubscription end,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (PublicId.Parse(PublicId.Contact, id) is not { } contactId || await contacts.FindAsync(site.Id, contactId, ct) is null)
        {
            return Problems.NotFound("contact");
        }

        if (request?.List is null)
        {
            await db.WriteAsync(() => unsubscribe.UnsubscribeFromAllAsync(site.Id, contactId, "api", "api", ct), ct);
        }
        else if (await lists.FindAsync(site.Id, request.List, ct) is { } list)
        {
            await db.WriteAsync(() => end.UnsubscribeAsync(contactId, [list.Id], "api", ct), ct);
        }
        else
        {
            return Problems.Invalid("list", "There is no such list at this site.");
        }

        return await contacts.FindAsync(site.Id, contactId, ct) is { } contact ? TypedResults.Ok(contact) : Problems.NotFound("contact");
    }
}
