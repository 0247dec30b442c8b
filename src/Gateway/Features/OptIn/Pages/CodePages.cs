using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /c — for mail that is on another device: the address and the code from the mail. Whatever does not fit, the answer is the same.
/// </summary>
internal static class CodePages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/c", OptInPages.Look, Look).WithName("CodePage").WithSummary("Ask for an address and its code");
        pages.MapPost("/c", ConfirmAsync).WithName("ConfirmByCode").WithSummary("Confirm a subscription by code");
    }

    private static RazorComponentResult Look(PageContext context) => context.Layout().Show<CodePage>();

    private static async Task<RazorComponentResult> ConfirmAsync(
        PageForm form,
        PageContext context,
        Visitor visitor,
        AnswerOptIn answer,
        CancellationToken ct
    )
    {
        if (!form.IsRead)
        {
            return context.Layout().Ask<CodePage>(form);
        }

        string? address = form["email"],
            code = form["code"];
        if (await answer.ConfirmByCodeAsync(address, code, visitor, ct) is { } confirmed)
        {
            return ConfirmPages.Show<ConfirmPage>(confirmed, "", context);
        }

        var layout = context.Layout();
        return new RazorComponentResult<CodePage>(new { Layout = layout with { Alert = layout.Texts["Code_Wrong"] }, Address = address });
    }
}
