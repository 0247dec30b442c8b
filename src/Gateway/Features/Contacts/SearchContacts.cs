using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

/// <summary>POST /v1/contacts/search — the contact with an address; a POST, since no address ever stands in a URL.</summary>
internal static class SearchContacts
{
    public sealed record Request(string? Email);

    /// <param name="Items">One contact, or none.</param>
    public sealed record Response(IReadOnlyList<ContactDetails> Items, string? Next);

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/search", HandleAsync)
            .RequireAuthorization(Policies.Reading(Scopes.Contacts))
            .WithName(nameof(SearchContacts))
            .WithSummary("Find a contact by its address");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        ContactReader contacts,
        CancellationToken ct
    ) =>
        EmailAddress.Parse(request.Email) is { } address
            ? TypedResults.Ok(new Response(await contacts.FindAsync(site.Id, address, ct) is { } contact ? [contact] : [], null))
            : Problems.Invalid("email", AddressRules.Error("email", request.Email)!);
}
