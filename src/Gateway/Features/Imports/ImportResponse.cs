using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Imports;

/// <summary>An import as the API and commands answer it.</summary>
/// <param name="Id">imp_….</param>
/// <param name="List">The list's id, lst_…; null before it was started.</param>
/// <param name="Name">The name of the file, or the list at a provider.</param>
/// <param name="State"><c>draft</c>, <c>running</c>, <c>stopped</c>, <c>ended</c>, <c>undoing</c> or <c>undone</c>.</param>
/// <param name="Encoding">How the file writes letters, such as <c>utf-8</c>.</param>
/// <param name="Separator">What stands between two cells.</param>
/// <param name="Columns">What stands above each column and what it holds.</param>
/// <param name="Consent"><c>proven</c> where people agreed elsewhere, <c>double</c> where each is asked first; null before it was
/// started.</param>
/// <param name="Source">Where the people agreed; null where they are asked.</param>
/// <param name="Rows">Rows of the file, without its heading.</param>
/// <param name="Subscribed">People who are on the list by it.</param>
/// <param name="Asked">People whom it asks by mail.</param>
/// <param name="Known">Rows about people who were on the list, or had been asked, before.</param>
/// <param name="Suppressed">Rows that say that the person left or cannot be reached.</param>
/// <param name="Refused">Rows that were not taken.</param>
/// <param name="Left">Rows that nobody has looked at yet.</param>
/// <param name="Undone">People who were taken off the list again.</param>
/// <param name="Failure">Why it does not go on by itself; null for nearly all.</param>
internal sealed record ImportResponse(
    string Id,
    string? List,
    string Name,
    string State,
    string Encoding,
    string Separator,
    IReadOnlyList<ImportResponse.ColumnResponse> Columns,
    string? Consent,
    string? Source,
    int Rows,
    int Subscribed,
    int Asked,
    int Known,
    int Suppressed,
    int Refused,
    int Left,
    int Undone,
    string? Failure,
    DateTime CreatedAt,
    DateTime? EndedAt
)
{
    /// <param name="Name">What stands above it, or its number, such as <c>#1</c>, where the file has no heading.</param>
    /// <param name="Field"><c>email</c>, <c>name</c>, <c>first_name</c>, <c>last_name</c>, <c>language</c>, <c>consent_at</c>,
    /// <c>consent_ip</c>, <c>status</c> or the name of a property; null where it is left out.</param>
    internal sealed record ColumnResponse(string Name, string? Field);

    public static ImportResponse Of(Import import) =>
        new(
            PublicId.Format(PublicId.Import, import.Id),
            import.ListId is { } list ? PublicId.Format(PublicId.List, list) : null,
            import.Name,
            CaseConverter.Lower(import.State.ToString()),
            import.Encoding,
            import.Separator,
            ColumnsOf(import),
            import.ListId is null ? null : CaseConverter.Lower(import.Consent.ToString()),
            import.Source,
            import.Rows,
            import.Subscribed,
            import.Asked,
            import.Known,
            import.Suppressed,
            import.Refused,
            LeftOf(import),
            import.Undone,
            import.Failure,
            import.CreatedAt,
            import.EndedAt
        );

    private static List<ColumnResponse> ColumnsOf(Import import) =>
        [
            .. JsonSerializer
                .Deserialize<List<string>>(import.Columns)!
                .Zip(JsonSerializer.Deserialize<List<string?>>(import.Mapping)!, (name, field) => new ColumnResponse(name, field)),
        ];

    private static int LeftOf(Import import) =>
        import.Rows - import.Subscribed - import.Asked - import.Known - import.Suppressed - import.Refused;
}

/// <summary>An import that nothing was done with yet, with what stands in it.</summary>
/// <param name="FirstRows">At most ten rows, each with its line in the file and its cells; none once it was started.</param>
internal sealed record ImportDraftResponse(ImportResponse Import, IReadOnlyList<FileRow> FirstRows);
