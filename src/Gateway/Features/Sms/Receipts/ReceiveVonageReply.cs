using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sms.Receipts;

/// <summary>POST /providers/vonage/{site}/inbound — what a person sends to one of the site's numbers.</summary>
internal static class ReceiveVonageReply
{
    private const string Sms = "sms";
    private const int MaxText = 5_000;
    private const int MaxNumber = 20;

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/inbound", HandleAsync).WithName(nameof(ReceiveVonageReply)).WithSummary("Take in a message from a person");

    private static async Task<Results<Ok, ProblemHttpResult>> HandleAsync(
        string site,
        HttpContext http,
        VonageCallbacks callbacks,
        Replies replies,
        CancellationToken ct
    )
    {
        if ((await callbacks.ReadAsync(http, site, ct)).IsRefused(out var why, out var callback))
        {
            return Problems.Of(why);
        }

        if (
            VonageJson.Read<VonageReply>(callback.Body)
                is not { MessageUuid: { } id, From: { Length: > 0 and <= MaxNumber } from, Channel: { } channel } message
            || !VonageReports.IsMessage(id)
        )
        {
            return Problems.Invalid("message_uuid", "message_uuid, channel and from say which message it is and whose.");
        }

        // One address takes what comes over all channels of the application; the others are nobody's telephone.
        if (channel == Sms)
        {
            var text = message.Text ?? "";
            var reply = new Reply(
                SmsRoute.Vonage,
                id,
                PhoneNumber.Parse($"+{from}", null, out _)?.Number ?? from,
                message.To ?? "",
                text.Length <= MaxText ? text : text[..MaxText]
            );
            await replies.TakeInAsync(callback.SiteId, reply, callback.Body, ct);
        }

        return TypedResults.Ok();
    }
}
