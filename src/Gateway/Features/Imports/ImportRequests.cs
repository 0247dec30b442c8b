using Gateway.Features.Imports.Reading;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Imports;

/// <summary>
/// /v1/imports — people from a CSV file onto a list: the file is sent, looked at, and then begun with the source of their consent. A token
/// has their scope only when it asked for it by name.
/// </summary>
internal static class ImportRequests
{
    private const string Csv = "text/csv";

    private static readonly Dictionary<string, string> NoMapping = [];

    private static readonly ProblemNote WrongState = new(
        StatusCodes.Status409Conflict,
        "`wrong_state`: the import cannot do that in the state it is in."
    );

    private static readonly ProblemNote TooManyDrafts = new(
        StatusCodes.Status409Conflict,
        "`too_many_drafts`: files of this site wait that nobody began. Begin or delete one first."
    );

    /// <param name="List">The list's id, lst_….</param>
    /// <param name="OptIn"><c>proven</c> where they agreed elsewhere; <c>double</c> asks each of them by mail first.</param>
    /// <param name="Source">Where they agreed, such as <c>Paper forms, spring fair 2025</c>; needed for <c>proven</c>.</param>
    /// <param name="ConsentText">The words that they agreed to.</param>
    /// <param name="ConsentOn">The day on which those agreed whose row does not say it, such as <c>2025-04-03</c>.</param>
    /// <param name="Dates"><c>dmy</c> or <c>mdy</c>: what 3/4/2025 means in the file.</param>
    /// <param name="Mapping">By column, as it is called or by its number (<c>#1</c>): its field, the name of a property, or <c>-</c> to
    /// leave it out. What was guessed stays for the others.</param>
    public sealed record StartRequest(
        string? List,
        string? OptIn,
        string? Source = null,
        string? ConsentText = null,
        string? ConsentOn = null,
        string? Dates = null,
        IReadOnlyDictionary<string, string>? Mapping = null
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/imports").WithTags("Imports").RequireScope(Scopes.Imports);
        group
            .MapPost("/", ReceiveAsync)
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .Accepts<string>(Csv)
            .WithName("AddImport")
            .WithSummary("Send a CSV file with people; nothing is done with it yet")
            .Answers(StatusCodes.Status413PayloadTooLarge, "`too_large`: the file is larger than this gateway takes.")
            .WithMetadata(TooManyDrafts);
        group.MapGet("/", ReadAsync).WithName("ReadImports").WithSummary("The site's imports, the newest first");
        group.MapGet("/{id}", ReadOneAsync).WithName("ReadImport").WithSummary("How far an import has got");
        group
            .MapGet("/{id}/errors.csv", ReadErrorsAsync)
            .WithName("ReadImportErrors")
            .WithSummary("The rows of an import that were not taken, as CSV")
            .Produces<string>(StatusCodes.Status200OK, Csv);
        group
            .MapPost("/{id}/start", StartAsync)
            .WithName("StartImport")
            .WithSummary("Put the people of a file on a list")
            .WithMetadata(WrongState);
        group.MapPost("/{id}/stop", StopAsync).WithName("StopImport").WithSummary("Stop an import where it is").WithMetadata(WrongState);
        group
            .MapPost("/{id}/resume", ResumeAsync)
            .WithName("ResumeImport")
            .WithSummary("Let an import go on that was stopped")
            .WithMetadata(WrongState);
        group
            .MapPost("/{id}/undo", UndoAsync)
            .WithName("UndoImport")
            .WithSummary("Take off the list whom an import alone put there")
            .WithMetadata(WrongState);
        group
            .MapDelete("/{id}", DeleteAsync)
            .WithName("DeleteImport")
            .WithSummary("Forget a file that nothing was done with, or an import that failed")
            .WithMetadata(WrongState);
    }

    /// <param name="name">What people call it, such as the name of the file.</param>
    /// <param name="encoding">Such as <c>windows-1252</c>; found out when left out.</param>
    /// <param name="separator"><c>comma</c>, <c>semicolon</c>, <c>tab</c> or <c>bar</c>; found out when left out.</param>
    private static async Task<Results<Created<ImportDraftResponse>, ProblemHttpResult>> ReceiveAsync(
        string? name,
        string? encoding,
        string? separator,
        CallingSite site,
        ReceiveImport receive,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    )
    {
        var received = await receive.ReceiveAsync(
            site.Id,
            name is { Length: > 0 } ? name : "import.csv",
            CallerOf(http),
            http.Request.Body,
            new(encoding, CsvWriting.SeparatorOf(separator)),
            ct
        );
        if (received.IsRefused(out var why, out var import))
        {
            return Problems.Of(why);
        }

        var draft = new ImportDraftResponse(ImportResponse.Of(import), await decide.FirstRowsAsync(import, ct));
        return TypedResults.Created($"/v1/imports/{draft.Import.Id}", draft);
    }

    private static async Task<Results<Ok<Page<ImportResponse>>, ProblemHttpResult>> ReadAsync(
        [AsParameters] PageQuery page,
        CallingSite site,
        DecideImport decide,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Import).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var read = (await decide.PageAsync(site.Id, start.After, start.Limit + 1, ct)).ConvertAll(ImportResponse.Of);
        return TypedResults.Ok(Page<ImportResponse>.Of(read, start.Limit, one => one.Id));
    }

    private static async Task<Results<Ok<ImportDraftResponse>, ProblemHttpResult>> ReadOneAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        CancellationToken ct
    ) =>
        await decide.FindAsync(site.Id, id, ct) is { } import
            ? TypedResults.Ok(new ImportDraftResponse(ImportResponse.Of(import), await decide.FirstRowsAsync(import, ct)))
            : Problems.NotFound("import");

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ReadErrorsAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        CancellationToken ct
    ) =>
        await decide.FindAsync(site.Id, id, ct) is { } import
            ? TypedResults.Stream(
                output => RefusedRowsCsv.WriteAsync(decide.RefusedAsync(import.Id), output, ct),
                CsvFile.MediaType,
                RefusedRowsCsv.FileName
            )
            : Problems.NotFound("import");

    private static async Task<Results<Accepted<ImportResponse>, ProblemHttpResult>> StartAsync(
        string id,
        StartRequest request,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await decide.FindAsync(site.Id, id, ct) is not { } import)
        {
            return Problems.NotFound("import");
        }

        if (ConsentError(request) is { } unfit)
        {
            return Problems.Of(unfit);
        }

        var said = ImportPlanText.Read(
            request.Mapping ?? NoMapping,
            request.Source,
            request.ConsentText,
            request.ConsentOn,
            request.Dates
        );
        return
            said.IsRefused(out var why, out var plan)
            || (await decide.StartAsync(import, request.List, plan, CallerOf(http), ct)).IsRefused(out why, out var started)
            ? Problems.Of(why)
            : TypedResults.Accepted($"/v1/imports/{id}", ImportResponse.Of(started));
    }

    /// <summary>Which of the two is meant is said, and not guessed from what is missing.</summary>
    private static Refusal? ConsentError(StartRequest request) =>
        (request.OptIn, request.Source) switch
        {
            ("proven", not null) or ("double", null) => null,
            ("proven", null) => Refusal.Invalid(
                "source",
                "source is needed: it says where these people agreed. optIn double asks them first."
            ),
            ("double", not null) => Refusal.Invalid("source", "With optIn double each person is asked, so there is no source."),
            _ => Refusal.Invalid("optIn", "optIn is proven or double."),
        };

    private static Task<Results<Ok<ImportResponse>, ProblemHttpResult>> StopAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    ) => ChangeAsync(id, site, decide, http, decide.StopAsync, ct);

    private static Task<Results<Ok<ImportResponse>, ProblemHttpResult>> ResumeAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    ) => ChangeAsync(id, site, decide, http, decide.ResumeAsync, ct);

    private static Task<Results<Ok<ImportResponse>, ProblemHttpResult>> UndoAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    ) => ChangeAsync(id, site, decide, http, decide.UndoAsync, ct);

    private static async Task<Results<Ok<ImportResponse>, ProblemHttpResult>> ChangeAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        Func<Import, string, CancellationToken, Task<Result<Import>>> change,
        CancellationToken ct
    ) =>
        await decide.FindAsync(site.Id, id, ct) is not { } import ? Problems.NotFound("import")
        : (await change(import, CallerOf(http), ct)).IsRefused(out var why, out var changed) ? Problems.Of(why)
        : TypedResults.Ok(ImportResponse.Of(changed));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id,
        CallingSite site,
        DecideImport decide,
        HttpContext http,
        CancellationToken ct
    ) =>
        await decide.FindAsync(site.Id, id, ct) is not { } import ? Problems.NotFound("import")
        : await decide.DeleteAsync(import, CallerOf(http), ct) is { } why ? Problems.Of(why)
        : TypedResults.NoContent();

    private static string CallerOf(HttpContext http) => http.User.FindFirst(CallerClaims.Caller)!.Value;
}
