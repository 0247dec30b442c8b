using Gateway.Features.Contacts;
using Gateway.Features.Sms.Twilio;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// POST /providers/twilio/{site}/inbound — what a person sends to one of the site's numbers: no more messages, messages again, or something
/// to read.
/// </summary>
internal static class ReceiveReply
{
    private const int MaxText = 5_000;

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/inbound", HandleAsync).WithName(nameof(ReceiveReply)).WithSummary("Take in a message from a person");

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> HandleAsync(
        string site,
        HttpContext http,
        TwilioCallbacks callbacks,
        Replies replies,
        CancellationToken ct
    )
    {
        if ((await callbacks.ReadAsync(http, site, ct)).IsRefused(out var why, out var callback))
        {
            return Problems.Of(why);
        }

        if (callback.Field("MessageSid") is not { } sid || !TwilioReports.IsMessage(sid) || callback.Field("From") is not { } from)
        {
            return Problems.Invalid("MessageSid", "MessageSid and From say which message it is and whose.");
        }

        // A short code or a landline is no number to send to, and stays as it came.
        var sender = PhoneNumber.Parse(from, null, out _)?.Number ?? from;
        var reply = new Reply(
            SmsRoute.Twilio,
            sid,
            sender,
            callback.Field("To") ?? "",
            callback.Field("Body", MaxText) ?? "",
            callback.Field("OptOutType")
        );
        await replies.TakeInAsync(callback.SiteId, reply, callback.Body, ct);

        // Empty instructions: the gateway answers nothing by itself.
        return TypedResults.Text("<Response/>", "text/xml");
    }
}

/// <param name="Provider">As in routes: <c>twilio</c>.</param>
/// <param name="Id">What makes it the same reply when it comes again.</param>
/// <param name="From">E.164.</param>
/// <param name="OptOutType">The provider's own reading of it, where it has one: <c>STOP</c>, <c>START</c> or <c>HELP</c>.</param>
internal sealed record Reply(string Provider, string Id, string From, string To, string Text, string? OptOutType = null);

/// <summary>Stores each reply once, with what it leads to.</summary>
internal sealed partial class Replies(GatewayDb db, Suppressions suppressions, Events events, TimeProvider clock, ILogger<Replies> logger)
{
    public Task TakeInAsync(Guid siteId, Reply reply, byte[] body, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                var optOut = OptOutWords.Read(reply.Text, reply.OptOutType);
                var row = new InboundEvent
                {
                    Id = Guid.CreateVersion7(now),
                    SiteId = siteId,
                    Provider = reply.Provider,
                    Key = $"{reply.Id}:received",
                    From = reply.From,
                    Status = optOut == OptOut.Unclear ? SmsReplies.Unclear : SmsReplies.Received,
                    Body = body,
                    ReceivedAt = now.UtcDateTime,
                };
                if (await db.InsertNewAsync([row], ct) > 0)
                {
                    await FollowAsync(siteId, optOut, reply, row.ReceivedAt, ct);
                    LogTakenIn(row.Id, siteId, optOut);
                }
            },
            ct
        );

    private Task FollowAsync(Guid siteId, OptOut optOut, Reply reply, DateTime receivedAt, CancellationToken ct) =>
        optOut switch
        {
            OptOut.Stop => suppressions.AddAsync(
                siteId,
                SuppressionChannel.Sms,
                reply.From,
                SuppressionReason.Unsubscribed,
                reply.Provider,
                ct
            ),
            OptOut.Start => suppressions.LiftUnsubscribeAsync(siteId, SuppressionChannel.Sms, reply.From, ct),
            _ => events.WriteAsync(
                db,
                [
                    events.Of(
                        EventTypes.SmsReceived,
                        siteId,
                        null,
                        new
                        {
                            reply.From,
                            reply.To,
                            reply.Text,
                            receivedAt,
                            reply.Provider,
                            mayBeOptOut = optOut == OptOut.Unclear,
                        }
                    ),
                ],
                ct
            ),
        };

    [LoggerMessage(LogLevel.Information, "Took in reply {ReplyId} to site {SiteId}; opt-out: {OptOut}")]
    private partial void LogTakenIn(Guid replyId, Guid siteId, OptOut optOut);
}
