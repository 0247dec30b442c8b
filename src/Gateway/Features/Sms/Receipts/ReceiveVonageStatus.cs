using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Sms.Receipts;

/// <summary>POST /providers/vonage/{site}/status — what became of a message, at the address that its send call named.</summary>
internal static class ReceiveVonageStatus
{
    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/status", HandleAsync).WithName(nameof(ReceiveVonageStatus)).WithSummary("Take in what Vonage says of a message");

    /// <summary>Vonage takes only 200 for an answer.</summary>
    private static async Task<Results<Ok, ProblemHttpResult>> HandleAsync(
        string site,
        [FromQuery(Name = "sms")] string? sms,
        [FromQuery(Name = "try")] string? call,
        HttpContext http,
        VonageCallbacks callbacks,
        ApplyReport reports,
        CancellationToken ct
    )
    {
        if ((await callbacks.ReadAsync(http, site, ct)).IsRefused(out var why, out var callback))
        {
            return Problems.Of(why);
        }

        return VonageReports.Of(callback.Body) is not { } report
                ? Problems.Invalid("message_uuid", "message_uuid and status say which message it is and what became of it.")
            : await reports.TakeInAsync(callback.SiteId, sms, call, SmsRoute.Vonage, report, ct) ? TypedResults.Ok()
            : Problems.NotFound("SMS");
    }
}
