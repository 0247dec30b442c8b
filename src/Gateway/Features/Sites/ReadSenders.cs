using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sites;

/// <summary>GET /v1/senders?channel= — whom a message may come from, for drop-downs.</summary>
internal static class ReadSenders
{
    public sealed record Response(IReadOnlyList<SenderResponse> Items, string? Next);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/senders", HandleAsync)
            .RequireAuthorization(Policies.Token)
            .WithTags("Senders")
            .WithName(nameof(ReadSenders))
            .WithSummary("The senders of a channel: mail or sms");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? channel,
        CallingSite site,
        IEnumerable<ISenders> channels,
        CancellationToken ct
    )
    {
        if (channel is not (Channels.Mail or Channels.Sms))
        {
            return Problems.Invalid("channel", $"channel is {Channels.Mail} or {Channels.Sms}.");
        }

        var senders = new List<SenderResponse>();
        foreach (var one in channels.Where(one => one.Channel == channel))
        {
            senders.AddRange(await one.OfAsync(site.Site, ct));
        }

        return TypedResults.Ok(new Response(senders, null));
    }
}
