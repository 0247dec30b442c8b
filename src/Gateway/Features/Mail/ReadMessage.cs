using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>GET /v1/messages/{id} — what became of a transactional mail.</summary>
internal static class ReadMessage
{
    public static void Map(IEndpointRouteBuilder group) =>
        group.MapGet("/{id}", HandleAsync).WithName(nameof(ReadMessage)).WithSummary("What became of a transactional mail");

    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        GatewayDb db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await Transactional(db, site, id).AsNoTracking().SingleOrDefaultAsync(ct) is { } message
            ? TypedResults.Ok(MessageResponse.Of(message, clock.GetUtcNow().UtcDateTime))
            : Problems.NotFound("message");

    /// <returns>The one message, if it is the site's and transactional: mails about lists are nobody's to read here.</returns>
    public static IQueryable<Message> Transactional(GatewayDb db, CallingSite site, string id)
    {
        var messageId = PublicId.Parse(PublicId.Message, id) ?? Guid.Empty;
        return db.Messages.Where(message => message.Id == messageId && message.SiteId == site.Id && message.Address != null);
    }
}
