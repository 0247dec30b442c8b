using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Lists;

/// <summary>GET /v1/connections/{id}/lists — the lists that an account has at its provider, for menus.</summary>
internal sealed class ReadProviderLists(ConnectionStore connections, ListProviders providers, TimeProvider clock)
{
    /// <summary>How long a page waits for the provider: the rest of it needs none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of a refusal: the provider did not tell its lists.</summary>
    public const string Unavailable = "provider_unavailable";

    /// <param name="Items">By the provider's order.</param>
    public sealed record Response(IReadOnlyList<ProviderList> Items);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGroup("/v1/connections")
            .RequireScope(Scopes.Connections)
            .MapGet("/{id}/lists", HandleAsync)
            .WithTags("Connections")
            .WithName(nameof(ReadProviderLists))
            .WithSummary("The lists that the account has at its provider")
            .Answers(StatusCodes.Status409Conflict, $"`{Unavailable}`: it did not tell its lists.");

    /// <summary>Reads the lists over a connection.</summary>
    public async Task<Result<IReadOnlyList<ProviderList>>> ReadAsync(Connection connection, CancellationToken ct)
    {
        if (connections.Open(connection).IsRefused(out var why, out var open))
        {
            return why;
        }

        if (providers.Open(open) is not IListCatalog catalog)
        {
            return Refusal.Invalid("id", $"{open.Provider.Title} has no lists over this connection.");
        }

        var read = await catalog.ReadListsAsync(ct);
        return read.Lists is { } lists
            ? new Result<IReadOnlyList<ProviderList>>.Done(lists)
            : new Refusal(RefusalKind.Conflict, Unavailable, read.Failed?.Why ?? "The provider gave no answer that can be used.");
    }

    /// <summary>The same for a page, which says <see cref="Unavailable"/> where the provider takes too long.</summary>
    public async Task<Result<IReadOnlyList<ProviderList>>> ReadForPageAsync(Connection connection, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ReadAsync(connection, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Refusal(RefusalKind.Conflict, Unavailable, "The provider did not tell its lists in time. Load this page again.");
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        ConnectionStore connections,
        ReadProviderLists read,
        CancellationToken ct
    ) =>
        await connections.FindAsync(PublicId.Parse(PublicId.Connection, id), ct) is not { } row || row.SiteId != site.Id
            ? Problems.NotFound("connection")
        : (await read.ReadAsync(row, ct)).IsRefused(out var why, out var lists) ? Problems.Of(why)
        : TypedResults.Ok(new Response(lists));
}
