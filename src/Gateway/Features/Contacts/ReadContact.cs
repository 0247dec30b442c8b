using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

/// <summary>GET /v1/contacts/{id} — one contact.</summary>
internal static class ReadContact
{
    public static void Map(IEndpointRouteBuilder group) =>
        group.MapGet("/{id}", HandleAsync).WithName(nameof(ReadContact)).WithSummary("A contact and its subscriptions");

    private static async Task<Results<Ok<ContactDetails>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        ContactReader contacts,
        CancellationToken ct
    ) =>
        PublicId.Parse(PublicId.Contact, id) is { } contactId && await contacts.FindAsync(site.Id, contactId, ct) is { } contact
            ? TypedResults.Ok(contact)
            : Problems.NotFound("contact");
}
