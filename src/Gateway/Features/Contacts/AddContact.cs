using Gateway.Features.Lists;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// POST /v1/contacts — somebody is to be on a list. By double opt-in they are asked first, and nothing about them changes before they answer; with
/// the proof of a consent that was given elsewhere they are subscribed at once.
/// </summary>
internal sealed class AddContact(GatewayDb db, StartOptIn optIn, ProveSubscription prove, Suppressions suppressions, TimeProvider clock)
{
    public const string Double = "double";
    public const string Proven = "proven";

    /// <param name="Language">Two letters or a locale such as <c>fr_FR</c>; one we do not have means the site's own.</param>
    /// <param name="List">The list's id, <c>lst_…</c>.</param>
    /// <param name="Properties">Texts by name; at most 50.</param>
    /// <param name="OptIn"><c>double</c> sends a confirmation mail and is the default; <c>proven</c> subscribes at once and needs the consent.</param>
    public sealed record Request(
        string? Email, string? Name, string? Language, string? List, IReadOnlyDictionary<string, string?>? Properties, string? OptIn, ConsentRequest? Consent);

    /// <param name="Text">The words that the person agreed to.</param>
    /// <param name="Source">Where that was, such as <c>Lead form of the spring fair</c>.</param>
    /// <param name="At">When, ISO 8601 with its zone.</param>
    public sealed record ConsentRequest(string? Text, string? Source, string? At, string? PolicyUrl, string? PolicyVersion);

    public static void Map(IEndpointRouteBuilder group) => group
        .MapPost("/", HandleAsync)
        .RequireAuthorization(Policies.Scoped(Scopes.Contacts))
        .Validate<Request>()
        .WithName(nameof(AddContact))
        .WithSummary("Subscribe somebody to a list, by double opt-in or with the proof of their consent")
        .Answers(StatusCodes.Status403Forbidden, "`suppressed`: mail to the address came back or was complained about; or, with a proof, the person unsubscribed or refused.");

    private static async Task<Results<Ok<ContactDetails>, Accepted<ContactDetails>, ProblemHttpResult>> HandleAsync(
        Request request, CallingSite site, AddContact add, ContactReader contacts, GatewayDb db, HttpContext http, CancellationToken ct)
    {
        var address = EmailAddress.Parse(request.Email)!;
        if (await ListOfAsync(db, site, request.List, ct) is not { } list)
        {
            return Problems.Invalid("list", "There is no such list at this site.");
        }

        var isProven = request.OptIn == Proven;
        var refused = isProven
            ? await add.ProveAsync(request, site.Site, list, address, http.User.FindFirst(CallerClaims.Caller)!.Value, ct)
            : await add.AskAsync(request, site.Site, list, address, ct);
        if (refused is { } reason)
        {
            return reason.ToProblem();
        }

        // Somebody may have erased the person in this very moment.
        return await contacts.FindAsync(site.Id, address, ct) is not { } contact ? Problems.NotFound("contact")
            : isProven ? TypedResults.Ok(contact)
            : TypedResults.Accepted($"/v1/contacts/{contact.Id}", contact);
    }

    /// <returns>Null when the site has no such list.</returns>
    public static async Task<ContactList?> ListOfAsync(GatewayDb db, CallingSite site, string? id, CancellationToken ct) =>
        PublicId.Parse(PublicId.List, id) is { } listId
            ? await db.Lists.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == site.Id && one.Id == listId, ct)
            : null;

    private Task<SuppressionReason?> ProveAsync(Request request, Site site, ContactList list, EmailAddress address, string caller, CancellationToken ct)
    {
        var consent = request.Consent!;
        var proof = new Proof(
            site, list, address, Name(request), request.Language is null ? null : Languages.Pick(request.Language, site.Language), Properties(request),
            consent.Text!, consent.Source!, IsoTime.Parse(consent.At)!.Value, consent.PolicyUrl, consent.PolicyVersion, caller);
        return db.WriteAsync(() => prove.SubscribeAsync(proof, ct), ct);
    }

    private Task<SuppressionReason?> AskAsync(Request request, Site site, ContactList list, EmailAddress address, CancellationToken ct)
    {
        var consent = request.Consent;
        var evidence = new OptInEvidence
        {
            Name = Name(request),
            Properties = Properties(request),
            ConsentText = consent?.Text ?? "",
            PolicyUrl = consent?.PolicyUrl,
            PolicyVersion = consent?.PolicyVersion,
            Source = consent?.Source is { Length: > 0 } source ? $"api: {source}" : "api",
            SubmittedAt = IsoTime.Parse(consent?.At) ?? clock.GetUtcNow().UtcDateTime,
        };
        var wish = new OptInWish(site.Id, list, address, Languages.Pick(request.Language, site.Language), evidence, SubmissionId: null);
        return db.WriteAsync(
            async () =>
            {
                var found = await suppressions.FindAsync(SuppressionChannel.Email, [(site.Id, address.Key)], ct);
                if (found.TryGetValue((site.Id, address.Key), out var reason) && reason != SuppressionReason.Unsubscribed)
                {
                    return (SuppressionReason?)reason;
                }

                await optIn.StartAsync([wish], ct);
                return null;
            },
            ct);
    }

    private static string? Name(Request request) => request.Name?.Trim() is { Length: > 0 } name ? name : null;

    private static Dictionary<string, string> Properties(Request request) => request.Properties?.ToDictionary(one => one.Key, one => one.Value!) ?? [];
}
