using System.Security.Cryptography;
using Gateway.Features.Sms.Brevo;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// POST /providers/brevo/{site}/status — what became of a message and what its recipient answered, at the address that its send call named.
/// </summary>
internal static class ReceiveBrevoStatus
{
    private const int BodyBytes = 64 * 1024;
    private const int MaxText = 5_000;

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapPost("/status", HandleAsync).WithName(nameof(ReceiveBrevoStatus)).WithSummary("Take in what Brevo says of a message");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string site,
        [FromQuery(Name = "sms")] string? sms,
        [FromQuery(Name = "try")] string? call,
        [FromQuery(Name = "key")] string? key,
        HttpContext http,
        BrevoCallbackKeys keys,
        GatewayDb db,
        ApplyReport reports,
        Replies replies,
        CancellationToken ct
    )
    {
        if (!keys.IsOf(site, sms, call, key) || PublicId.Parse(PublicId.Sms, sms) is not { } smsId)
        {
            return Problems.Of(new(RefusalKind.Forbidden, "forbidden", "The key does not fit this address."));
        }

        if (!await RawBody.ReadAsync(http, BodyBytes))
        {
            return Problems.Of(new(RefusalKind.TooLarge, "too_large", "The body is too large."));
        }

        var body = http.Features.GetRequiredFeature<RawBody>().Bytes.ToArray();
        if (BrevoJson.Read<BrevoSmsEvent>(body) is not { } told || BrevoReports.Of(told, body) is not { } report)
        {
            return Problems.Invalid("msg_status", "messageId and msg_status say which message it is and what became of it.");
        }

        if (await db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.Id == smsId, ct) is not { } row)
        {
            return Problems.NotFound("SMS");
        }

        // The key in the address says which message it is, whatever id it is told under: it speaks of no other, and keeps no other's
        // receipt from being taken.
        report = report with
        {
            ProviderId = row.ProviderId ?? report.ProviderId,
            Key = $"{smsId:N}:{report.Key}",
        };
        await reports.TakeInAsync(row.SiteId, sms, call, SmsRoute.Brevo, report, ct);
        if (BrevoReports.ReplyIn(told) is { } reply)
        {
            // A reply has no id of its own: it is the same one when it comes again with the same words.
            var id = $"{report.ProviderId}:{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}";
            var text = reply.Text.Length <= MaxText ? reply.Text : reply.Text[..MaxText];
            await replies.TakeInAsync(
                row.SiteId,
                new(SmsRoute.Brevo, id, row.Recipient, row.Sender ?? "", text, reply.OptOutType),
                body,
                ct
            );
        }

        return TypedResults.NoContent();
    }
}
