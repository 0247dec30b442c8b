using Gateway.Features.Sites;
using Gateway.Features.Sms.Guard;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>POST /v1/sms/{id}/used — somebody used what the SMS brought, such as by typing its code.</summary>
internal static class UseSms
{
    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/{id}/used", HandleAsync).WithName(nameof(UseSms)).WithSummary("Say that somebody used what an SMS brought");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        GatewayDb db,
        VisitorCounts visitors,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var smsId = PublicId.Parse(PublicId.Sms, id);
        var mine = db.Sms.Where(row => row.SiteId == site.Id && row.Id == smsId);
        if (await mine.AsNoTracking().SingleOrDefaultAsync(ct) is not { } sms)
        {
            return Problems.NotFound("SMS");
        }

        var now = clock.GetUtcNow().UtcDateTime;
        await db.WriteAsync(
            async () =>
            {
                // Said again, it counts once.
                var isNews = await mine.Where(row => row.UsedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedAt, now), ct);
                if (isNews > 0 && sms.Visitor is not null)
                {
                    await visitors.UsedAsync(sms, now, ct);
                }
            },
            ct
        );
        return TypedResults.NoContent();
    }
}
