using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Submissions;

/// <summary>
/// GET /v1/sites/{site}/status — the numbers a site owner looks at: what came in, what waits, who confirmed, by form and by day, and what
/// went wrong.
/// </summary>
internal static class ReadStatus
{
    private const int MaxDays = 366;

    /// <param name="Forms">Those that something came in from, the busiest first.</param>
    /// <param name="Days">Every day of the time in UTC, also those without anything.</param>
    /// <param name="Errors">What stands as failed at this site now, whatever the time asked for.</param>
    /// <param name="Problems">What holds up this site's mails, SMS or lists now; what waits goes out by itself once it is fixed.</param>
    public sealed record Response(
        ReadMe.SiteResponse Site,
        DateTime From,
        DateTime To,
        string? Form,
        SubmissionCounts Submissions,
        RequestCounts Confirmations,
        IReadOnlyList<FormCounts> Forms,
        IReadOnlyList<DayCounts> Days,
        IReadOnlyList<LastError> Errors,
        IReadOnlyList<SiteProblem> Problems
    );

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapGet("/status", HandleAsync)
            .WithName(nameof(ReadStatus))
            .WithSummary("What came in at a site or one of its forms, who confirmed, by form and by day, and what failed")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="from">Start of the time, ISO 8601 with its zone; 30 days before <paramref name="to"/> when left out.</param>
    /// <param name="to">End of the time, at most 366 days later; now when left out.</param>
    /// <param name="form">The form's id; all forms when left out.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? from,
        string? to,
        string? form,
        CallingSite site,
        SiteStatistics statistics,
        LastErrors errors,
        SiteProblems problems,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var end = to is null ? clock.GetUtcNow().UtcDateTime : IsoTime.Parse(to);
        var start = from is null ? end?.AddDays(-30) : IsoTime.Parse(from);
        if (Error(start, end, form) is { } error)
        {
            return error;
        }

        var read = await statistics.ReadAsync(site.Id, start!.Value, end!.Value, form, ct);
        return TypedResults.Ok(
            new Response(
                new(PublicId.Format(PublicId.Site, site.Id), site.Site.Name),
                start.Value,
                end.Value,
                form,
                read.Submissions,
                read.Confirmations,
                read.Forms,
                read.Days,
                await errors.ReadAsync(site.Id, ct),
                await problems.ReadAsync(site.Id, ct)
            )
        );
    }

    private static ProblemHttpResult? Error(DateTime? start, DateTime? end, string? form) =>
        end is null ? Problems.Invalid("to", $"to is {IsoTime.Expected}.")
        : start is null ? Problems.Invalid("from", $"from is {IsoTime.Expected}.")
        : start > end ? Problems.Invalid("from", "from is later than to.")
        : end - start > TimeSpan.FromDays(MaxDays) ? Problems.Invalid("from", $"from is {MaxDays} days before to at the most.")
        : form?.Length > 100 || form?.Contains('\0') == true
            ? Problems.Invalid("form", "form is the id of a form: 100 characters at the most, and no NUL.")
        : null;
}
