using Gateway.Features.Mail.Rates;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Guard;
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
    /// <param name="Mails">What became of the site's mails of these days, of all its forms, and how many addresses nobody writes to any
    /// more.</param>
    /// <param name="Sms">What the site's SMS cost today, whatever the time asked for.</param>
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
        IReadOnlyList<SiteProblem> Problems,
        HeldBackResponse HeldBack,
        MailFigures Mails,
        SmsFigures Sms
    );

    /// <param name="SpentToday">Since midnight UTC: estimates, and what providers said where they did.</param>
    /// <param name="OverThresholds">How often each threshold of messages that visitors asked for and nobody used was passed within the last
    /// 14 days: <c>unused_of_country</c>, <c>unused_of_visitor</c>, <c>countries_of_visitor</c>.</param>
    public sealed record SmsFigures(decimal SpentToday, string Currency, IReadOnlyDictionary<string, int> OverThresholds);

    /// <summary>Confirmation mails that wait now, whatever the time asked for. They leave by themselves.</summary>
    /// <param name="Unanswered">Recipient domains where few of those who were asked confirm.</param>
    public sealed record HeldBackResponse(IReadOnlyList<HeldResponse> Waiting, IReadOnlyList<UnansweredResponse> Unanswered);

    /// <param name="Reason"><c>site</c>: the site's own limit. <c>unconfirmed</c>: too few people of a domain confirm.
    /// <c>installation</c>: limits that protect people, mail domains and the other sites.</param>
    /// <param name="NextAt">When the first of them is tried again.</param>
    public sealed record HeldResponse(string Reason, int Count, DateTime NextAt);

    /// <param name="Domain"><c>disposable</c> and <c>no mail</c> stand for all such domains together.</param>
    /// <param name="Holding">Whether further mails to it wait.</param>
    /// <param name="Unconfirmed">Of the people asked within a day as it began.</param>
    /// <param name="Confirmed">Likewise.</param>
    public sealed record UnansweredResponse(string Domain, DateTime Since, bool Holding, int Unconfirmed, int Confirmed);

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
        HeldBack held,
        SiteRates rates,
        SmsGuardReport guard,
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
                await problems.ReadAsync(site.Id, ct),
                await HeldBackAsync(site.Id, held, ct),
                await rates.ReadAsync(site.Id, site.Site.Brake, DateOnly.FromDateTime(start.Value), DateOnly.FromDateTime(end.Value), ct),
                await SmsAsync(site.Id, guard, ct)
            )
        );
    }

    private static async Task<SmsFigures> SmsAsync(Guid siteId, SmsGuardReport guard, CancellationToken ct)
    {
        var counted = await guard.ReadAsync(siteId, ct);
        return new(counted.SpentToday, SmsPrices.Currency, counted.OverThresholds);
    }

    /// <summary>A site does not learn from it what other sites send, or to whom.</summary>
    private static async Task<HeldBackResponse> HeldBackAsync(Guid siteId, HeldBack held, CancellationToken ct) =>
        new(
            [
                .. (await held.ReadAsync(siteId, ct))
                    .GroupBy(group => ReasonOf(group.Reason))
                    .Select(same => new HeldResponse(same.Key, same.Sum(one => one.Count), same.Min(one => one.NextAt))),
            ],
            [
                .. (await held.BreakersAsync(siteId, ct)).Select(breaker => new UnansweredResponse(
                    breaker.Domain,
                    breaker.Since,
                    breaker.State == BreakerState.Holding,
                    breaker.Unconfirmed,
                    breaker.Confirmed
                )),
            ]
        );

    private static string ReasonOf(HoldReason reason) =>
        reason switch
        {
            HoldReason.Site => "site",
            HoldReason.Unconfirmed => "unconfirmed",
            _ => "installation",
        };

    private static ProblemHttpResult? Error(DateTime? start, DateTime? end, string? form) =>
        end is null ? Problems.Invalid("to", $"to is {IsoTime.Expected}.")
        : start is null ? Problems.Invalid("from", $"from is {IsoTime.Expected}.")
        : start > end ? Problems.Invalid("from", "from is later than to.")
        : end - start > TimeSpan.FromDays(MaxDays) ? Problems.Invalid("from", $"from is at most {MaxDays} days before to.")
        : form?.Length > 100 || form?.Contains('\0') == true
            ? Problems.Invalid("form", "form is the id of a form: at most 100 characters, and no NUL.")
        : null;
}
