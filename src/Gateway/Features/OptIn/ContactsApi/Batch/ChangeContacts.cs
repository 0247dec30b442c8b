using System.Text.Json;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi.Batch;

/// <summary>
/// POST /v1/sites/{site}/contacts/batch — the site's users join, change and go, up to 100 at a time, one after the other; one bad item
/// never fails the
/// others, and the same batch again changes nothing more.
/// </summary>
internal sealed partial class ChangeContacts(
    IServiceScopeFactory scopes,
    IValidator<ContactChange> validator,
    ILogger<ChangeContacts> logger
)
{
    /// <summary>Of one item: room for every property at its longest.</summary>
    private const int ItemBytes = 512 * 1024;

    public sealed record Request(IReadOnlyList<JsonElement>? Items);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator() =>
            RuleFor(request => request.Items)
                .Must(items => items is { Count: > 0 and <= BatchItems.Max })
                .WithMessage($"items holds 1 to {BatchItems.Max} changes.");
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/contacts/batch", HandleAsync)
            .WithMetadata(new BodyLimit(BatchItems.BodyBytes))
            .Validate<Request>()
            .WithName(nameof(ChangeContacts))
            .WithSummary("Report up to 100 changes of a site's users: who joins, changes or goes");

    private static async Task<Ok<BatchResponse>> HandleAsync(
        Request request,
        CallingSite site,
        ChangeContacts change,
        CancellationToken ct
    )
    {
        var results = new List<BatchResult>();
        foreach (var item in request.Items!)
        {
            results.Add(await change.ChangeAsync(item, site.Site, ct));
        }

        return TypedResults.Ok(new BatchResponse(results));
    }

    private async Task<BatchResult> ChangeAsync(JsonElement item, Site site, CancellationToken ct)
    {
        var (change, _, refused) = BatchItems.Read(item, "a change", ItemBytes, validator, one => one.Key);
        if (change is null)
        {
            return refused!;
        }

        try
        {
            // A scope for each, so that one that fails half-way leaves nothing to the next.
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<ChangeContact>().ApplyAsync(change, site, ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(site.Id, failed);
            return BatchResult.Refused(
                change.Key,
                Problems.Of(
                    StatusCodes.Status500InternalServerError,
                    "internal",
                    "This change failed inside the gateway; its log says why. Nothing of it was stored."
                )
            );
        }
    }

    [LoggerMessage(LogLevel.Error, "A change of a contact of site {SiteId} failed")]
    private partial void LogFailed(Guid siteId, Exception exception);
}
