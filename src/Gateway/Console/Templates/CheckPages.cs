using FluentValidation;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates.Lint;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/check — the linter for whoever writes, without an API: a message is pasted and looked at.</summary>
internal static class CheckPages
{
    /// <summary>Room for the longest message, as a form encodes it.</summary>
    private const int FormBytes = 4 * 1024 * 1024;

    public static void Map(RouteGroupBuilder site)
    {
        site.MapMethods("/check", AdminPages.Look, Look).WithName("AdminCheckPage").WithSummary("Ask for a message to check");
        site.MapPost("/check", CheckAsync)
            .WithMetadata(new BodyLimit(FormBytes))
            .WithName("AdminCheck")
            .WithSummary("Check a message")
            .Needs(SiteRights.See);
    }

    private static RazorComponentResult Look(AdminPageContext context) =>
        context.Show<CheckPage>(
            (nameof(CheckPage.Message), new CheckedMessage(MessageKinds.List, context.Site!.Language, null, null, null, null, null))
        );

    private static async Task<RazorComponentResult> CheckAsync(
        PageForm form,
        AdminPageContext context,
        Linter linter,
        IValidator<LintMessage.Request> validator,
        CancellationToken ct
    )
    {
        var request = new LintMessage.Request(
            form["kind"],
            form["language"],
            form["subject"],
            form["preheader"],
            form["from"],
            form["html"],
            form["text"],
            null
        );
        var message = new CheckedMessage(
            request.Kind,
            request.Language,
            request.Subject,
            request.Preheader,
            request.From,
            request.Html,
            request.Text
        );
        var valid = validator.Validate(request);
        var page = context.Show<CheckPage>(
            (nameof(CheckPage.Message), message),
            (
                nameof(CheckPage.Found),
                valid.IsValid
                    ? (await linter.LookAsync(LintMessage.MessageOf(request, context.Site!.Language), context.Site.Id, ct)).ConvertAll(
                        FindingResponse.Of
                    )
                    : null
            ),
            (nameof(CheckPage.Errors), valid.Errors.ConvertAll(error => error.ErrorMessage))
        );
        page.StatusCode = valid.IsValid ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}

/// <summary>What was pasted, to be shown again. Public, like the components, because Razor makes them so.</summary>
public sealed record CheckedMessage(
    string? Kind,
    string? Language,
    string? Subject,
    string? Preheader,
    string? From,
    string? Html,
    string? Text
);
