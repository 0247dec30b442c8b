using System.Text;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Mailjet;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>
/// /admin/sites/{site}/templates/import — a template in Mailjet's language becomes a draft, after what the conversion found was looked at.
/// </summary>
internal static class ImportPages
{
    private const string Make = "make";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Map(RouteGroupBuilder templates)
    {
        templates
            .MapMethods("/import", AdminPages.Look, Look)
            .WithName("AdminImportPage")
            .WithSummary("Ask for a template of Mailjet")
            .Needs(SiteRights.Manage);
        templates
            .MapPost("/import", ImportAsync)
            .WithMetadata(new BodyLimit(TemplatePages.FormBytes))
            .WithName("AdminImport")
            .WithSummary("Convert a template of Mailjet, or make a draft of it");
    }

    private static RazorComponentResult Look(AdminPageContext context) =>
        Show(context, new("email", "", "", context.Site!.Language), new("", "", "", ""), null);

    private static async Task<IResult> ImportAsync(PageForm form, AdminPageContext context, BeginTemplate begin, CancellationToken ct)
    {
        var asked = NewTemplate.Of(form, context);
        var (html, unread) = await HtmlOfAsync(form, ct);
        var given = new ImportedWords(form.Raw("subject"), form.Raw("preheader"), html, form.Raw("text"));
        if (unread is not null || given.IsEmpty || TemplateRules.SizeErrors(given.ToSource()) is { Count: > 0 })
        {
            return Show(
                context,
                asked,
                given,
                null,
                unread
                    ?? (
                        given.IsEmpty
                            ? T("Paste the HTML of the template, or choose its file.")
                            : string.Join(" ", TemplateRules.SizeErrors(given.ToSource()))
                    )
            );
        }

        if (await ConvertedAsync(given, context.Site!.Id, ct) is not { } parts)
        {
            return Show(context, asked, given, null, T("Converting it takes too long. Make it shorter, or bring it in smaller pieces."));
        }

        var found = parts.SelectMany(part => part.Conversion.Findings.Select(finding => ImportFinding.Of(part.Name, finding))).ToList();
        if (form["do"] != Make)
        {
            return Show(context, asked, given, found);
        }

        var outcome = await asked.AddAsync(
            begin,
            context,
            new(parts[0].Conversion.Liquid, parts[1].Conversion.Liquid, parts[2].Conversion.Liquid, parts[3].Conversion.Liquid),
            ct
        );
        return outcome is TemplateOutcome.Done done
            ? AdminPageContext.Go($"{TemplateUrls.Of(context, done.Template)}/{asked.Language}", AdminNotices.TemplateImported)
            : Show(context, asked, given, found, OutcomeSentences.Of(outcome), OutcomeSentences.StatusOf(outcome));
    }

    /// <returns>Null when it takes longer than people's templates may.</returns>
    private static async Task<List<(string Name, MailjetConversion Conversion)>?> ConvertedAsync(
        ImportedWords given,
        Guid siteId,
        CancellationToken ct
    )
    {
        try
        {
            var converted = new List<(string, MailjetConversion)>();
            foreach (var part in given.Parts())
            {
                converted.Add((part.Name, await MailjetImport.ConvertAsync(part.Source, siteId, ct)));
            }

            return converted;
        }
        catch (RenderLimitException)
        {
            return null;
        }
    }

    /// <returns>What the file holds, where one was chosen; else what was pasted.</returns>
    private static async Task<(string Html, string? Error)> HtmlOfAsync(PageForm form, CancellationToken ct)
    {
        if (form.File("file") is not { } file)
        {
            return (form.Raw("html"), null);
        }

        try
        {
            using var reader = new StreamReader(file.OpenReadStream(), Utf8);
            return ((await reader.ReadToEndAsync(ct)).ReplaceLineEndings("\n"), null);
        }
        catch (DecoderFallbackException)
        {
            return (form.Raw("html"), T("The file is not in UTF-8. Save it as that, or paste its content."));
        }
    }

    private static RazorComponentResult<ImportPage> Show(
        AdminPageContext context,
        NewTemplate asked,
        ImportedWords given,
        IReadOnlyList<ImportFinding>? found,
        string? error = null,
        int status = StatusCodes.Status400BadRequest
    )
    {
        var page = context.Show<ImportPage>(
            (nameof(ImportPage.Asked), asked),
            (nameof(ImportPage.Given), given),
            (nameof(ImportPage.Found), found),
            (nameof(ImportPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : status;
        return page;
    }
}

/// <summary>A template in Mailjet's language. Public, like the components, because Razor makes them so.</summary>
public sealed record ImportedWords(string Subject, string Preheader, string Html, string Text)
{
    public bool IsEmpty => string.IsNullOrWhiteSpace(Html) && string.IsNullOrWhiteSpace(Text);

    internal TemplateSource ToSource() => new(Subject, Preheader, Html, Text);

    internal IEnumerable<(string Name, string Source)> Parts() =>
        [
            (TemplateSource.SubjectPart, Subject),
            (TemplateSource.PreheaderPart, Preheader),
            (TemplateSource.HtmlPart, Html),
            (TemplateSource.TextPart, Text),
        ];
}

/// <summary>What somebody should look at after a conversion.</summary>
/// <param name="IsLost">Whether it could not be converted, and not only changed.</param>
public sealed record ImportFinding(string Part, int Line, int Column, string Message, string Original, bool IsLost)
{
    internal static ImportFinding Of(string part, MailjetFinding finding) =>
        new(part, finding.Line, finding.Column, finding.Message, finding.Original, finding.IsLost);
}
