using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>POST /v1/messages/{id}/cancel — takes a mail back that nobody has begun to send.</summary>
internal static class CancelMessage
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/{id}/cancel", HandleAsync)
            .WithName(nameof(CancelMessage))
            .WithSummary("Cancel a mail before it is sent")
            .Answers(StatusCodes.Status409Conflict, "`too_late`: the mail was sent already, or is being sent.");

    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        WithdrawMessage withdraw,
        GatewayDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (PublicId.Parse(PublicId.Message, id) is { } messageId)
        {
            await db.WriteAsync(() => withdraw.WithdrawAsync(site.Id, messageId, ct), ct);
        }

        var mine = ReadMessage.Transactional(db, site, id);
        return await mine.AsNoTracking().SingleOrDefaultAsync(ct) switch
        {
            null => Problems.NotFound("message"),
            { State: MessageState.Cancelled } message => TypedResults.Ok(MessageResponse.Of(message, clock.GetUtcNow().UtcDateTime)),
            _ => Problems.Of(StatusCodes.Status409Conflict, "too_late", "The mail was sent already, or is being sent."),
        };
    }
}
