using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Simple;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/templates/new — a new template, which begins as a copy of the built-in one.</summary>
internal static class NewPages
{
    /// <summary>What the form sends where the template is to be written by its parts.</summary>
    public const string SimpleMode = "simple";

    private static readonly string Fallback = CaseConverter.Lower(nameof(TemplateKind.Email));

    public static void Map(RouteGroupBuilder templates)
    {
        templates
            .MapMethods("/new", AdminPages.Look, Look)
            .WithName("AdminNewTemplatePage")
            .WithSummary("Ask for a new template")
            .Needs(SiteRights.Manage);
        templates.MapPost("/new", AddAsync).WithName("AdminNewTemplate").WithSummary("Add a template");
    }

    private static RazorComponentResult Look(string? kind, AdminPageContext context) =>
        context.Show<NewPage>(
            (nameof(NewPage.Asked), new NewTemplate(TemplateKinds.Parse(kind) is null ? Fallback : kind!, "", "", context.Site!.Language))
        );

    /// <returns>Null where it is to be written as source; an SMS has no other way.</returns>
    private static (TemplateSource Source, string Json)? BeginSimple(PageForm form, NewTemplate asked)
    {
        if (form["mode"] != SimpleMode || TemplateKinds.Parse(asked.Kind) is not { } kind || !WriteSimple.Can(kind))
        {
            return null;
        }

        var typed = WriteSimple.Begin(kind, asked.Language);
        return WriteSimple.Write(typed, kind, asked.Language).IsRefused(out var why, out var source)
            ? throw new InvalidOperationException($"Simple mode cannot make what it begins with: {why.Message}")
            : (source, typed.ToJson());
    }

    private static async Task<IResult> AddAsync(PageForm form, AdminPageContext context, BeginTemplate begin, CancellationToken ct)
    {
        var asked = NewTemplate.Of(form, context);
        var (isSimple, simple) = (form["mode"] == SimpleMode, BeginSimple(form, asked));
        var outcome = await asked.AddAsync(begin, context, simple?.Source, ct, simple?.Json);
        if (outcome is TemplateOutcome.Done done)
        {
            return AdminPageContext.Go(
                $"{TemplateUrls.Of(context, done.Template)}/{asked.Language}{(simple is null ? "" : "/simple")}",
                AdminNotices.TemplateAdded
            );
        }

        var page = context.Show<NewPage>(
            (nameof(NewPage.Asked), asked),
            (nameof(NewPage.IsSimple), isSimple),
            (nameof(NewPage.Error), OutcomeSentences.Of(outcome))
        );
        page.StatusCode = OutcomeSentences.StatusOf(outcome);
        return page;
    }
}

/// <summary>A template somebody asks for. Public, like the components, because Razor makes them so.</summary>
/// <param name="Key">Made of the name when left empty.</param>
public sealed record NewTemplate(string Kind, string Name, string Key, string Language)
{
    internal static NewTemplate Of(PageForm form, AdminPageContext context) =>
        new(form["kind"] ?? "", form["name"] ?? "", form["key"] ?? "", Languages.Pick(form["language"], context.Site!.Language));

    internal async Task<TemplateOutcome> AddAsync(
        BeginTemplate begin,
        AdminPageContext context,
        TemplateSource? source,
        CancellationToken ct,
        string? simple = null
    ) =>
        TemplateKinds.Parse(Kind) is not { } kind
            ? new TemplateOutcome.Refused("kind", TemplateKinds.Expected)
            : await begin.AddAsync(
                context.SiteId,
                Key.Length > 0 ? Key : null,
                kind,
                Name,
                Language,
                source,
                context.User.Actor,
                ct,
                simple
            );
}

/// <summary>Why something was not done, for people.</summary>
internal static class OutcomeSentences
{
    public static string Of(TemplateOutcome outcome) =>
        outcome switch
        {
            TemplateOutcome.Refused refused => refused.Reason,
            TemplateOutcome.Conflict conflict => conflict.Reason,
            TemplateOutcome.Invalid faulty => string.Join(" ", faulty.Errors.Take(5)),
            _ => T("There is no such template any more."),
        };

    public static int StatusOf(TemplateOutcome outcome) =>
        outcome is TemplateOutcome.Conflict ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
}
