using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Connections;

/// <summary>
/// /v1/connections — a site's own accounts at providers. A token has their scope only when it asked for it by name, and nobody reads a
/// secret back.
/// </summary>
internal static class ConnectionRequests
{
    private const int BodyBytes = 32 * 1024;

    private static readonly ProblemNote Failed = new(
        StatusCodes.Status400BadRequest,
        "`connection_failed`: the provider does not take the account, and `detail` says why."
    );

    private static readonly ProblemNote Taken = new(
        StatusCodes.Status409Conflict,
        "`name_taken`: there is one of this name. `too_many_connections`: there are as many as there can be. `changed_meanwhile`: somebody "
            + "else changed it."
    );

    /// <param name="Kind"><c>list</c>, <c>sms</c> or <c>mail</c>.</param>
    /// <param name="Provider">Such as <c>mailjet</c>; /v1/connections/providers has them all.</param>
    /// <param name="Name">What people call it.</param>
    /// <param name="Settings">The provider's settings by name.</param>
    /// <param name="Test">Whether it must work to be stored; true when left out.</param>
    public sealed record NewRequest(string? Kind, string? Provider, string? Name, JsonObject? Settings, bool? Test = null);

    /// <param name="Name">Null when left out: it stays.</param>
    /// <param name="Settings">Those that change; null takes one away, and what is left out stays.</param>
    /// <param name="Test">Whether it must work to be stored; true when left out.</param>
    public sealed record ChangeRequest(string? Name = null, JsonObject? Settings = null, bool? Test = null);

    /// <param name="Settings">What a connection to it may set.</param>
    public sealed record ProviderResponse(string Kind, string Provider, string Name, IReadOnlyList<SettingResponse> Settings);

    /// <param name="Secret">Whether it is never shown again.</param>
    public sealed record SettingResponse(string Name, bool Secret);

    /// <param name="Items">All that there are.</param>
    public sealed record ProvidersResponse(IReadOnlyList<ProviderResponse> Items);

    /// <param name="Works">Whether the provider took the account.</param>
    /// <param name="Reason">What is wrong, as a sentence; null when it works.</param>
    public sealed record TestResponse(bool Works, string? Reason);

    public static void Map(IEndpointRouteBuilder group)
    {
        group
            .MapGet("/providers", ReadProviders)
            .WithName("ReadConnectionProviders")
            .WithSummary("Providers that a connection can be made to, and what each needs");
        group.MapGet("/", ReadAsync).WithName("ReadConnections").WithSummary("The site's connections, and those it may use");
        group.MapGet("/{id}", ReadOneAsync).TellsVersion().WithName("ReadConnection").WithSummary("One of the site's connections");
        group
            .MapPost("/", AddAsync)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .WithName("AddConnection")
            .WithSummary("Connect the site with an account at a provider; it is tried first")
            .WithMetadata(Failed, Taken);
        group
            .MapPatch("/{id}", ChangeAsync)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .ComparesVersion()
            .TellsVersion()
            .WithName("ChangeConnection")
            .WithSummary("Rename a connection, or give it other credentials; it is tried first")
            .WithMetadata(Failed, Taken);
        group.MapPost("/{id}/test", TestAsync).WithName("TestConnection").WithSummary("Try a connection; nothing is changed or sent");
        group
            .MapDelete("/{id}", DeleteAsync)
            .ComparesVersion()
            .WithName("DeleteConnection")
            .WithSummary("Delete a connection that nothing uses")
            .Answers(StatusCodes.Status409Conflict, "`connection_in_use`: a list is kept over it.");
    }

    private static Ok<ProvidersResponse> ReadProviders(ConnectionProviders providers) =>
        TypedResults.Ok(
            new ProvidersResponse([
                .. providers.All.Select(one => new ProviderResponse(
                    ConnectionProviders.Word(one.Kind),
                    one.Key,
                    one.Title,
                    [.. one.Settings.Select(setting => new SettingResponse(setting.Name, setting.IsSecret))]
                )),
            ])
        );

    private static async Task<Results<Ok<Page<ConnectionResponse>>, ProblemHttpResult>> ReadAsync(
        [AsParameters] PageQuery page,
        CallingSite site,
        ConnectionStore connections,
        DescribeConnections describe,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Connection).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var rows = await connections.PageAsync(site.Id, start.After, start.Limit + 1, ct);
        var read = Page<ConnectionResponse>.Of(await describe.DescribeAsync(rows, ct), start.Limit, one => one.Id!);
        return TypedResults.Ok(read.Next is null ? read with { Items = [.. read.Items, .. await describe.InstallationAsync(ct)] } : read);
    }

    private static async Task<Results<Ok<ConnectionResponse>, ProblemHttpResult>> ReadOneAsync(
        string id,
        ConnectionOfSite of,
        DescribeConnections describe,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Row is not { } row)
        {
            return Problems.NotFound("connection");
        }

        http.TellVersion(row.Changeable());
        return TypedResults.Ok((await describe.DescribeAsync([row], ct))[0]);
    }

    private static async Task<Results<Created<ConnectionResponse>, ProblemHttpResult>> AddAsync(
        NewRequest request,
        CallingSite site,
        ConnectionStore connections,
        DescribeConnections describe,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (ConnectionProviders.KindOf(request.Kind).IsRefused(out var why, out var kind))
        {
            return Problems.Of(why);
        }

        var given = new NewConnection(
            site.Id,
            kind,
            request.Provider ?? "",
            request.Name ?? "",
            request.Settings ?? [],
            request.Test ?? true
        );
        if ((await connections.AddAsync(given, CallerOf(http), ct)).IsRefused(out why, out var row))
        {
            return Problems.Of(why);
        }

        var added = (await describe.DescribeAsync([row], ct))[0];
        return TypedResults.Created($"/v1/connections/{added.Id}", added);
    }

    private static async Task<Results<Ok<ConnectionResponse>, ProblemHttpResult>> ChangeAsync(
        string id,
        ChangeRequest request,
        ConnectionOfSite of,
        ConnectionStore connections,
        DescribeConnections describe,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Row is not { } known)
        {
            return Problems.NotFound("connection");
        }

        var change = new ConnectionChange(request.Name, request.Settings, request.Test ?? true, http.ComparesVersion());
        if ((await connections.ChangeAsync(known, change, CallerOf(http), ct)).IsRefused(out var why, out var row))
        {
            return Problems.Of(why);
        }

        http.TellVersion(row.Changeable());
        return TypedResults.Ok((await describe.DescribeAsync([row], ct))[0]);
    }

    private static async Task<Results<Ok<TestResponse>, ProblemHttpResult>> TestAsync(
        string id,
        ConnectionOfSite of,
        ConnectionStore connections,
        CancellationToken ct
    )
    {
        if (of.Row is not { } row)
        {
            return Problems.NotFound("connection");
        }

        var error = await connections.TestAsync(row, ct);
        return TypedResults.Ok(new TestResponse(error is null, error));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id,
        ConnectionOfSite of,
        ConnectionStore connections,
        HttpContext http,
        CancellationToken ct
    ) =>
        of.Row is not { } row ? Problems.NotFound("connection")
        : await connections.DeleteAsync(row, CallerOf(http), ct) is { } why ? Problems.Of(why)
        : TypedResults.NoContent();

    private static string CallerOf(HttpContext http) => http.User.FindFirst(CallerClaims.Caller)!.Value;
}
