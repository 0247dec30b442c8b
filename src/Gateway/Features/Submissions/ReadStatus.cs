using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>GET /v1/sites/{site}/status — the numbers a site owner looks at: what came in, what waits, who confirmed.</summary>
internal static class ReadStatus
{
    public sealed record Response(ReadMe.SiteView Site, DateTime From, DateTime To, SubmissionCounts Submissions, RequestCounts Confirmations);

    /// <param name="Accepted">All that came in within the time.</param>
    public sealed record SubmissionCounts(int Accepted, int Waiting, int Failed);

    /// <summary>Requests to confirm that were made within the time, by how they stand now.</summary>
    public sealed record RequestCounts(int Pending, int Confirmed, int Cancelled, int Expired);

    public static void Map(IEndpointRouteBuilder group) => group
        .MapGet("/status", HandleAsync)
        .WithName(nameof(ReadStatus))
        .WithSummary("Counts of submissions and confirmations of a site or one of its forms");

    /// <param name="from">Start of the time, ISO 8601; 30 days before <paramref name="to"/> when left out.</param>
    /// <param name="to">End of the time; now when left out.</param>
    /// <param name="form">The form's id; all forms when left out.</param>
    private static async Task<Ok<Response>> HandleAsync(
        DateTimeOffset? from, DateTimeOffset? to, string? form, CallingSite site, GatewayDb db, TimeProvider clock, CancellationToken ct)
    {
        var end = (to ?? clock.GetUtcNow()).UtcDateTime;
        var start = (from ?? new DateTimeOffset(end).AddDays(-30)).UtcDateTime;

        var submissions = db.Submissions.AsNoTracking()
            .Where(row => row.SiteId == site.Id && row.ReceivedAt >= start && row.ReceivedAt <= end && (form == null || row.FormId == form));
        var byState = await submissions.GroupBy(row => row.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);

        var requests = db.OptInRequests.AsNoTracking().Where(row => row.SiteId == site.Id && row.CreatedAt >= start && row.CreatedAt <= end);
        if (form is not null)
        {
            requests = requests.Where(request => submissions.Any(row => row.Id == request.SubmissionId));
        }

        var answers = await requests.GroupBy(row => row.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);
        return TypedResults.Ok(new Response(
            new(PublicId.Format(PublicId.Site, site.Id), site.Site.Name),
            start,
            end,
            new(byState.Values.Sum(), byState.GetValueOrDefault(SubmissionState.Waiting), byState.GetValueOrDefault(SubmissionState.Failed)),
            new(
                answers.GetValueOrDefault(OptInState.Pending),
                answers.GetValueOrDefault(OptInState.Confirmed),
                answers.GetValueOrDefault(OptInState.Cancelled),
                answers.GetValueOrDefault(OptInState.Expired))));
    }
}
