using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>
/// POST /v1/contacts — somebody is to be on a list. By double opt-in they are asked first, and nothing about them changes before they
/// answer; with
/// the proof of a consent that was given elsewhere they are subscribed at once.
/// </summary>
internal sealed class AddContact(GatewayDb db, StartOptIn optIn, ProveSubscription prove, Suppressions suppressions, TimeProvider clock)
{
    /// <inheritdoc cref="ContactRequest"/>
    public sealed record Request(
        string? Email,
        string? Name,
        string? Language,
        string? List,
        IReadOnlyDictionary<string, string?>? Properties,
        string? OptIn,
        ConsentRequest? Consent
    ) : ContactRequest(Email, Name, Language, List, Properties, OptIn, Consent);

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(AddContact))
            .WithSummary("Subscribe somebody to a list, by double opt-in or with the proof of their consent")
            .Answers(
                StatusCodes.Status403Forbidden,
                "`suppressed`: nothing is sent, since mail to the address came back or was complained about, or the person answered \"this "
                    + "wasn't me\"; or, with a proof, they unsubscribed. `detail` says who can lift that."
            );

    private static async Task<Results<Ok<ContactDetails>, Accepted<ContactDetails>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        AddContact add,
        ContactReader contacts,
        ListStore lists,
        HttpContext http,
        CancellationToken ct
    )
    {
        var address = EmailAddress.Parse(request.Email)!;
        if (await lists.FindAsync(site.Id, request.List, ct) is not { } list)
        {
            return Problems.Invalid("list", "There is no such list at this site.");
        }

        if (list.ErrorOfJoining() is { } closed)
        {
            return Problems.Of(closed);
        }

        var isProven = request.OptIn == ContactRequest.Proven;
        var refused = isProven
            ? await add.ProveAsync(request, site.Site, list, address, http.User.FindFirst(CallerClaims.Caller)!.Value, ct)
            : await add.AskAsync(request, site.Site, list, address, ct);
        if (refused is { } reason)
        {
            return Problems.Of(reason.ToRefusal());
        }

        // Somebody may have erased the person in this very moment.
        return await contacts.FindAsync(site.Id, address, ct) is not { } contact ? Problems.NotFound("contact")
            : isProven ? TypedResults.Ok(contact)
            : TypedResults.Accepted($"/v1/contacts/{contact.Id}", contact);
    }

    private Task<NoContactReason?> ProveAsync(
        Request request,
        Site site,
        ContactList list,
        EmailAddress address,
        string caller,
        CancellationToken ct
    ) => db.WriteAsync(() => prove.SubscribeAsync(request.ToProof(site, list, address, caller), ct), ct);

    private async Task<NoContactReason?> AskAsync(
        Request request,
        Site site,
        ContactList list,
        EmailAddress address,
        CancellationToken ct
    )
    {
        await optIn.LookUpAsync([address], ct);
        var command = request.ToCommand(site, list, address, "api", clock.GetUtcNow().UtcDateTime);
        return await db.WriteAsync(
            async () =>
            {
                var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, site.Id, address.Key, ct);
                return suppressed is { Reason: not SuppressionReason.Unsubscribed and var reason }
                    ? reason.ToNoContact()
                    : (await optIn.StartAsync([command], ct)).SingleOrDefault()?.Reason;
            },
            ct
        );
    }
}
