using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Jobs;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>
/// Takes transactional mails in, one for each key. A retry is answered as the first request was, whatever has changed since about the address, the
/// sender or the time.
/// </summary>
internal sealed class TransactionalMail(
    GatewayDb db, Suppressions suppressions, MailSenders senders, Secrets secrets, Nudge<SendMessages> mail, TimeProvider clock)
{
    /// <summary>Keys of callers are apart from those that the gateway makes for its own mails.</summary>
    private const string KeyPrefix = "api:";

    // A member that a later version adds must not make another content of an old request.
    private static readonly JsonSerializerOptions Canonical = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <returns>The stored message, after the commit, and whether an earlier request made it; or why there is none.</returns>
    public async Task<(Message? Message, bool IsReplay, ProblemHttpResult? Problem)> TakeInAsync(
        Site site, AcceptMessage.Request request, MailTemplate template, IdempotencyKey key, CancellationToken ct)
    {
        var row = NewMessage(site, request, template, KeyPrefix + key.Text);
        while (true)
        {
            if (await db.Messages.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == site.Id && one.Key == row.Key, ct) is { } known)
            {
                return Secrets.Same(known.ContentHash, row.ContentHash) ? (known, true, null) : (null, false, Problems.KeyReused());
            }

            if (await FaultAsync(site, request, row, ct) is { } fault)
            {
                return (null, false, fault);
            }

            // The unique index decides which of many requests at once is the first; the others find it when they look again.
            if (await db.WriteAsync(() => db.InsertNewAsync([row], ct), ct) > 0)
            {
                mail.Soon();
                return (row, false, null);
            }
        }
    }

    private async Task<ProblemHttpResult?> FaultAsync(Site site, AcceptMessage.Request request, Message row, CancellationToken ct)
    {
        if (SendAt.Fault(IsoTime.Parse(request.SendAt), row.CreatedAt) is { } fault)
        {
            return Problems.Invalid("sendAt", fault);
        }

        if (await senders.FindAsync(site, request.From, ct) is not { } sender)
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "sender_not_allowed", request.From is null
                ? "The site has no sender of its own. Name one as from, or have an operator set one."
                : "The site may not send from this address. See /v1/senders?channel=mail.");
        }

        row.Sender = request.From is null ? null : sender.Id;
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, [(site.Id, row.Address!)], ct);
        return suppressed.TryGetValue((site.Id, row.Address!), out var reason) && reason != SuppressionReason.Unsubscribed ? reason.ToProblem() : null;
    }

    private Message NewMessage(Site site, AcceptMessage.Request request, MailTemplate template, string key)
    {
        var now = IsoTime.WholeMilliseconds(clock.GetUtcNow().UtcDateTime);
        var id = Guid.CreateVersion7(now);
        var later = IsoTime.Parse(request.SendAt) is { } sendAt && sendAt > now ? IsoTime.WholeMilliseconds(sendAt) : (DateTime?)null;
        return new()
        {
            Id = id,
            SiteId = site.Id,
            Key = key,
            ContentHash = Hash(request),
            Template = template.Id,
            Language = Languages.Pick(request.Language, site.Language),
            Address = EmailAddress.Parse(request.To)!.Key,
            ReplyTo = request.ReplyTo is null ? null : EmailAddress.Parse(request.ReplyTo)!.Text,
            Variables = MessageVariables.Protect(template.Known(request.Variables), secrets),
            Reference = request.Reference,
            MessageId = id.ToString("N"),
            CreatedAt = now,
            SendAt = later,
            DueAt = later ?? now,
        };
    }

    /// <summary>The content's hash, whatever the order of its variables.</summary>
    private static byte[] Hash(AcceptMessage.Request request)
    {
        var variables = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Variables ?? variables)
        {
            variables[name] = value;
        }

        return SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { Variables = variables }, Canonical));
    }
}
