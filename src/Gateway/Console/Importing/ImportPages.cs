using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.Imports;
using Gateway.Features.Imports.Exports;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Importing;

/// <summary>
/// /admin/sites/{site}/imports — a file with people is sent, looked at, and put on a list with the source of their consent; how imports
/// stand; and what a site takes elsewhere.
/// </summary>
internal static class ImportPages
{
    /// <summary>A form is read into memory. Larger files come by the API or the command line.</summary>
    private const int UploadBytes = 16 * 1024 * 1024;

    /// <summary>Fields of the form that says what the columns hold begin with this, and end with the column's number.</summary>
    private const string ColumnField = "column-";

    /// <summary>Fields that name a column's property.</summary>
    private const string PropertyField = "property-";

    /// <summary>What a column's menu sends when its property is typed beside it.</summary>
    private const string Property = "+";

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/imports", AdminPages.Look, ListAsync).WithName("AdminImportsPage").WithSummary("Show a site's imports");
        site.MapPost("/imports", ReceiveAsync)
            .WithMetadata(new BodyLimit(UploadBytes))
            .WithName("AdminImportFile")
            .WithSummary("Take in a file with people");
        site.MapMethods("/imports/{id}", AdminPages.Look, LookAsync)
            .WithName("AdminImportOfPeoplePage")
            .WithSummary("Show how an import stands");
        site.MapPost("/imports/{id}", DecideAsync)
            .WithMetadata(new BodyLimit(256 * 1024))
            .WithName("AdminImportDecide")
            .WithSummary("Begin, stop or take back an import");
        site.MapMethods("/imports/{id}/not-taken.csv", AdminPages.Look, DownloadErrorsAsync)
            .WithName("AdminImportErrors")
            .WithSummary("Download the rows that were not taken")
            .Needs(SiteRights.Manage);
        site.MapMethods("/export/{what}", AdminPages.Look, ExportAsync)
            .WithName("AdminExport")
            .WithSummary("Download what the site has here")
            .Needs(SiteRights.Manage | SiteRights.Privacy)
            .NeedsRecentSignIn("../contacts");
    }

    private static async Task<RazorComponentResult> ListAsync(AdminPageContext context, DecideImport decide, CancellationToken ct) =>
        await ShowListAsync(context, decide, why: null, ct);

    private static async Task<IResult> ReceiveAsync(
        PageForm form,
        AdminPageContext context,
        ReceiveImport receive,
        DecideImport decide,
        CancellationToken ct
    )
    {
        if (form.File("file") is not { } file)
        {
            return await ShowListAsync(context, decide, Refusal.Invalid(T("Choose a file first.")), ct);
        }

        await using var content = file.OpenReadStream();
        var writing = new CsvWriting(form["encoding"], CsvWriting.SeparatorOf(form["separator"]));
        var received = await receive.ReceiveAsync(context.SiteId, file.FileName, context.User.Actor, content, writing, ct);
        return received.IsRefused(out var why, out var import)
            ? await ShowListAsync(context, decide, why, ct)
            : AdminPageContext.Go(UrlOf(context, import));
    }

    private static async Task<IResult> LookAsync(
        string id,
        AdminPageContext context,
        DecideImport decide,
        ListStore lists,
        CancellationToken ct
    ) =>
        await decide.FindAsync(context.SiteId, id, ct) is { } import
            ? await ShowAsync(context, import, decide, lists, why: null, form: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> DecideAsync(
        string id,
        PageForm form,
        AdminPageContext context,
        DecideImport decide,
        ListStore lists,
        CancellationToken ct
    )
    {
        if (await decide.FindAsync(context.SiteId, id, ct) is not { } import)
        {
            return AdminAnswers.NotFound();
        }

        var actor = context.User.Actor;
        if (form[PageForm.Button] == "delete")
        {
            return await decide.DeleteAsync(import, actor, ct) is { } kept
                ? await ShowAsync(context, import, decide, lists, kept, form: null, ct)
                : AdminPageContext.Go($"{context.SiteUrl}/imports", AdminNotices.ImportDeleted);
        }

        Task<Result<Import>>? decided = form[PageForm.Button] switch
        {
            "start" => StartAsync(import, form, decide, actor, ct),
            "stop" => decide.StopAsync(import, actor, ct),
            "resume" => decide.ResumeAsync(import, actor, ct),
            "undo" => decide.UndoAsync(import, actor, ct),
            _ => null,
        };
        return decided is null ? AdminAnswers.Stale()
            : (await decided).IsRefused(out var why, out _) ? await ShowAsync(context, import, decide, lists, why, form, ct)
            : AdminPageContext.Go(UrlOf(context, import));
    }

    private static async Task<Result<Import>> StartAsync(
        Import import,
        PageForm form,
        DecideImport decide,
        string actor,
        CancellationToken ct
    )
    {
        var isAsked = form["optIn"] == "double";
        if (!isAsked && form["source"] is null)
        {
            return Refusal.Invalid("source", T("Say where these people agreed, or have each of them asked by email first."));
        }

        var said = ImportPlanText.Read(
            MappingOf(form),
            isAsked ? null : form["source"],
            form.Raw("text"),
            form["consentOn"],
            form["dates"]
        );
        return said.IsRefused(out var why, out var plan) ? why : await decide.StartAsync(import, form["list"], plan, actor, ct);
    }

    private static IEnumerable<KeyValuePair<string, string>> MappingOf(PageForm form) =>
        form
            .Names.Where(name => name.StartsWith(ColumnField, StringComparison.Ordinal))
            .Select(name => name[ColumnField.Length..])
            .Select(number =>
                KeyValuePair.Create(
                    "#" + number,
                    form[ColumnField + number] is Property
                        ? form[PropertyField + number] ?? ""
                        : form[ColumnField + number] ?? ImportFields.LeftOut
                )
            );

    private static async Task<IResult> DownloadErrorsAsync(
        string id,
        AdminPageContext context,
        DecideImport decide,
        Disclosures disclosures,
        CancellationToken ct
    )
    {
        if (await decide.FindAsync(context.SiteId, id, ct) is not { } import)
        {
            return AdminAnswers.NotFound();
        }

        await disclosures.RecordAsync(context, "import.errors_downloaded", id, ct);
        return TypedResults.Stream(
            output => RefusedRowsCsv.WriteAsync(decide.RefusedAsync(import.Id), output, ct),
            CsvFile.MediaType,
            RefusedRowsCsv.FileName
        );
    }

    private static async Task<IResult> ExportAsync(
        string what,
        string? format,
        AdminPageContext context,
        ExportSite export,
        Disclosures disclosures,
        CancellationToken ct
    )
    {
        if (!ExportSite.All.Contains(what) || ExportRequests.FormatOf(format) is not { } known)
        {
            return AdminAnswers.NotFound();
        }

        await disclosures.RecordAsync(context, "export.downloaded", what, ct);
        return ExportRequests.Stream(export.Of(what, context.Site!, ct), known, ct);
    }

    private static async Task<RazorComponentResult> ShowListAsync(
        AdminPageContext context,
        DecideImport decide,
        Refusal? why,
        CancellationToken ct
    )
    {
        var imports = await decide.PageAsync(context.SiteId, after: null, PageQuery.Max, ct);
        var page = context.Show<ImportsPage>(
            (nameof(ImportsPage.Imports), imports.ConvertAll(ImportModel.Of)),
            (nameof(ImportsPage.MaxMegabytes), UploadBytes / 1024 / 1024),
            (nameof(ImportsPage.Error), why?.Message)
        );
        page.StatusCode = why is null ? StatusCodes.Status200OK : Problems.StatusOf(why.Kind);
        return page;
    }

    private static async Task<RazorComponentResult> ShowAsync(
        AdminPageContext context,
        Import import,
        DecideImport decide,
        ListStore lists,
        Refusal? why,
        PageForm? form,
        CancellationToken ct
    )
    {
        var ofSite = await lists.OfSiteAsync(context.SiteId, ct);
        var model = ImportModel.Of(import);
        RazorComponentResult page =
            import.State == ImportState.Draft
                ? context.Show<ImportDraftPage>(
                    (nameof(ImportDraftPage.Import), model),
                    (nameof(ImportDraftPage.Columns), ColumnsOf(model, await decide.FirstRowsAsync(import, ct), form)),
                    (
                        nameof(ImportDraftPage.Lists),
                        ofSite.ConvertAll(one => new ImportListChoice(PublicId.Format(PublicId.List, one.Id), one.Name))
                    ),
                    (nameof(ImportDraftPage.Given), GivenOf(form)),
                    (nameof(ImportDraftPage.Error), why?.Message)
                )
                : context.Show<ImportStatePage>(
                    (nameof(ImportStatePage.Import), model),
                    (nameof(ImportStatePage.List), ofSite.Find(one => one.Id == import.ListId)?.Name),
                    (nameof(ImportStatePage.Error), why?.Message)
                );
        page.StatusCode = why is null ? StatusCodes.Status200OK : Problems.StatusOf(why.Kind);
        return page;
    }

    private static List<ImportColumnModel> ColumnsOf(ImportModel import, List<FileRow> rows, PageForm? form) =>
        [
            .. import.Shown.Columns.Select(
                (column, at) =>
                {
                    var number = (at + 1).ToString(CultureInfo.InvariantCulture);
                    var field = form is null
                        ? column.Field
                        : form[ColumnField + number] switch
                        {
                            ImportFields.LeftOut => null,
                            Property => form[PropertyField + number],
                            var chosen => chosen,
                        };
                    return new ImportColumnModel(
                        number,
                        column.Name,
                        field,
                        [.. rows.Select(row => at < row.Cells.Count ? Shortening.To(row.Cells[at], 80) : "")]
                    );
                }
            ),
        ];

    private static ImportGiven GivenOf(PageForm? form) =>
        new(form?["list"], form?["optIn"] == "double", form?["source"], form?.Raw("text"), form?["consentOn"], form?["dates"]);

    private static string UrlOf(AdminPageContext context, Import import) =>
        $"{context.SiteUrl}/imports/{PublicId.Format(PublicId.Import, import.Id)}";
}

/// <summary>An import as pages show it. Public, like the components, because Razor makes them so.</summary>
public sealed record ImportModel
{
    private ImportModel(ImportResponse shown) => Shown = shown;

    internal ImportResponse Shown { get; }

    internal static ImportModel Of(Import import) => new(ImportResponse.Of(import));

    /// <summary>Where it has got to, in words.</summary>
    internal string State =>
        Shown switch
        {
            { Failure: not null } => T("stands still"),
            { State: "draft" } => T("not started"),
            { State: "running" } => T("running"),
            { State: "stopped" } => T("stopped"),
            { State: "undoing" } => T("being taken back"),
            { State: "undone" } => T("taken back"),
            _ => T("done"),
        };

    internal int Looked => Shown.Rows - Shown.Left;
}

/// <summary>A column of a file, with what stands in its first rows.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Field">What it holds; null where it is left out.</param>
public sealed record ImportColumnModel(string Number, string Name, string? Field, IReadOnlyList<string> Cells);

public sealed record ImportListChoice(string Id, string Name);

/// <summary>What somebody has filled in so far.</summary>
public sealed record ImportGiven(string? List, bool IsAsked, string? Source, string? Text, string? ConsentOn, string? Dates);
