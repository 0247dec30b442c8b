using System.Globalization;
using Gateway.Features.Sms.Twilio;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Sms.Receipts;

/// <summary>POST /providers/twilio/{site}/status — what became of a message, at the address that its send call named.</summary>
internal static class ReceiveStatus
{
    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/status", HandleAsync).WithName(nameof(ReceiveStatus)).WithSummary("Take in what Twilio says of a message");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string site,
        [FromQuery(Name = "sms")] string? sms,
        [FromQuery(Name = "try")] string? call,
        HttpContext http,
        TwilioCallbacks callbacks,
        ApplyReport reports,
        CancellationToken ct
    )
    {
        if ((await callbacks.ReadAsync(http, site, ct)).IsRefused(out var why, out var callback))
        {
            return Problems.Of(why);
        }

        if (
            callback.Field("MessageSid") is not { } sid
            || !TwilioReports.IsMessage(sid)
            || callback.Field("MessageStatus") is not { } status
        )
        {
            return Problems.Invalid("MessageSid", "MessageSid and MessageStatus say which message it is and what became of it.");
        }

        var errorCode = int.TryParse(callback.Field("ErrorCode"), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code
            : (int?)null;
        var report = TwilioReports.Of(sid, status, errorCode, callback.Body);
        return await reports.TakeInAsync(callback.SiteId, sms, call, SmsRoute.Twilio, report, ct)
            ? TypedResults.NoContent()
            : Problems.NotFound("SMS");
    }
}
