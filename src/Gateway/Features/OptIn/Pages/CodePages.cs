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

    private static RazorComponentResult<CodePage> Look(PageContext visit) => visit.Layout().Show<CodePage>();

    private static async Task<RazorComponentResult> ConfirmAsync(
        PageForm form,
        PageContext visit,
        Visitor visitor,
        AnswerOptIn answer,
        CancellationToken ct
    )
    {
        if (form.Fields is not { } fields)
        {
            return visit.Layout().Checked(form).Show<CodePage>();
        }

        string? address = fields["email"],
            code = fields["code"];
        if (await answer.ConfirmByCodeAsync(address, code, visitor, ct) is { } confirmed)
        {
            return ConfirmPages.Show<ConfirmPage>(confirmed, "", visit);
        }

        var frame = visit.Layout();
        return new RazorComponentResult<CodePage>(new { Layout = frame with { Alert = frame.Texts["Code_Wrong"] }, Address = address });
    }
}
