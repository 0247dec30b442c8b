using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>POST /v1/sms/{id}/cancel — takes back an SMS that no provider was asked to send yet.</summary>
internal static class CancelSms
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/{id}/cancel", HandleAsync)
            .WithName(nameof(CancelSms))
            .WithSummary("Take back an SMS that is still waiting")
            .Answers(StatusCodes.Status409Conflict, "`too_late`: a provider was asked to send it already.");

    private static async Task<Results<Ok<SmsDetails>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        WithdrawSms withdraw,
        GatewayDb db,
        CancellationToken ct
    )
    {
        var smsId = PublicId.Parse(PublicId.Sms, id);

        if (smsId is { } known)
        {
            await db.WriteAsync(() => withdraw.WithdrawAsync(site.Id, known, ct), ct);
        }

        return await db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == site.Id && row.Id == smsId, ct) switch
        {
            null => Problems.NotFound("SMS"),
            { State: SmsState.Cancelled } sms => TypedResults.Ok(SmsDetails.Of(sms, null, [])),
            _ => Problems.Of(
                StatusCodes.Status409Conflict,
                "too_late",
                "A provider was asked to send it already; it cannot be taken back."
            ),
        };
    }
}
