using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>POST /v1/contacts/{id}/resend — another confirmation mail to somebody who has not answered the one before.</summary>
internal static class ResendToContact
{
    /// <param name="List">The list that they are asked to confirm, lst_….</param>
    public sealed record Request(string? List);

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/{id}/resend", HandleAsync)
            .WithName("ResendConfirmation")
            .WithSummary("Send the confirmation mail of a pending subscription once more")
            .Answers(StatusCodes.Status403Forbidden, "`suppressed`, `domain_refused`: no mail goes to the address; `detail` says why.")
            .Answers(
                StatusCodes.Status409Conflict,
                "`not_pending`: the person is not being asked to confirm the list. `list_archived`. `too_soon`, `no_room`: `detail` says "
                    + "when the next mail is possible. `held_back`, `not_sent_yet`: the mail before leaves by itself."
            );

    private static async Task<Results<Accepted<ContactDetails>, ProblemHttpResult>> HandleAsync(
        string id,
        Request request,
        CallingSite site,
        ContactStore contacts,
        ContactReader reader,
        ListStore lists,
        ResendConfirmation resend,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await contacts.FindAsync(site.Id, PublicId.Parse(PublicId.Contact, id), ct) is not { } contact)
        {
            return Problems.NotFound("contact");
        }

        if (await lists.FindAsync(site.Id, request.List, ct) is not { } list)
        {
            return Problems.Invalid("list", "There is no such list at this site.");
        }

        var outcome = await resend.ResendAsync(contact, list, seen: null, http.User.FindFirst(CallerClaims.Caller)!.Value, ct);
        return outcome.ToRefusal() is { } why ? Problems.Of(why)
            : await reader.FindAsync(site.Id, contact.Id, ct) is { } details
                ? TypedResults.Accepted($"/v1/contacts/{details.Id}", details)
            : Problems.NotFound("contact");
    }
}
