using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Imports.Exports;

/// <summary>
/// GET /v1/exports/{what} — what the site has here, as CSV or JSON. It wants the scope of imports, even of who only reads.
/// </summary>
internal static class ExportRequests
{
    private const string Csv = "csv";
    private const string Json = "json";

    public static readonly string FormatRule = $"format is {Csv} or {Json}.";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGroup("/v1/exports")
            .WithTags("Imports")
            .RequireAuthorization(Policies.Scoped(Scopes.Imports))
            .MapGet("/{what}", HandleAsync)
            .WithName("ReadExport")
            .WithSummary("What the site has here, as CSV or JSON")
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/json");

    /// <returns>CSV where none is named; null when there is no such format.</returns>
    public static ExportFormat? FormatOf(string? name) =>
        name switch
        {
            null or "" or Csv => ExportFormat.Csv,
            Json => ExportFormat.Json,
            _ => null,
        };

    /// <param name="what"><c>contacts</c>, <c>suppressions</c>, <c>ledger</c> or <c>templates</c>.</param>
    /// <param name="format"><c>csv</c>, which is the default, or <c>json</c>.</param>
    private static Results<PushStreamHttpResult, ProblemHttpResult> HandleAsync(
        string what,
        string? format,
        CallingSite site,
        ExportSite export,
        CancellationToken ct
    ) =>
        !ExportSite.All.Contains(what) ? Problems.NotFound("export")
        : FormatOf(format) is not { } known ? Problems.Invalid("format", FormatRule)
        : Stream(export.Of(what, site.Site, ct), known, ct);

    /// <summary>A file to download.</summary>
    public static PushStreamHttpResult Stream(ExportTable table, ExportFormat format, CancellationToken ct) =>
        TypedResults.Stream(output => table.WriteAsync(format, output, ct), ExportTable.MediaTypeOf(format), table.FileNameOf(format));
}
