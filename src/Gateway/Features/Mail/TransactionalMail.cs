using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.Features.Contacts;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>A template's key, and what fills it.</summary>
internal sealed record FilledTemplate(string Key, JsonObject Vars);

/// <summary>What came of a request to send a mail.</summary>
internal abstract record MailTakenIn
{
    /// <summary>It is on the disk, now or since an earlier request with the same key.</summary>
    internal sealed record Accepted(Message Message, bool IsRepeat) : MailTakenIn;

    internal sealed record Refused(Refusal Why) : MailTakenIn;

    /// <summary>The site sent too many; nothing was stored.</summary>
    internal sealed record OverLimit(MessageOverLimit Over) : MailTakenIn;
}

/// <summary>
/// Takes transactional mails in, one for each key. A retry is answered as the first request was, whatever has changed since about the
/// address, the sender or the time.
/// </summary>
internal sealed class TransactionalMail(
    GatewayDb db,
    Suppressions suppressions,
    MailSenders senders,
    MessageBudget budget,
    SecretEncryption secrets,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    /// <summary>Keys of callers are apart from those that the gateway makes for its own mails.</summary>
    private const string KeyPrefix = "api:";

    // A member that a later version adds must not make another content of an old request.
    private static readonly JsonSerializerOptions Canonical = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <returns>After the commit.</returns>
    public async Task<MailTakenIn> TakeInAsync(
        Site site,
        AcceptMessage.Request request,
        FilledTemplate template,
        IdempotencyKey key,
        CancellationToken ct
    )
    {
        var row = NewMessage(site, request, template, KeyPrefix + key.Text);
        while (true)
        {
            if (
                await db.Messages.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == site.Id && one.Key == row.Key, ct) is { } known
            )
            {
                return Secrets.Same(known.ContentHash, row.ContentHash)
                    ? new MailTakenIn.Accepted(known, IsRepeat: true)
                    : new MailTakenIn.Refused(Refusal.KeyReused);
            }

            if (await ErrorAsync(site, request, row, ct) is { } error)
            {
                return new MailTakenIn.Refused(error);
            }

            if (await db.WriteAsync(() => StoreAsync(row, EmailAddress.Parse(request.To)!, ct), ct) is { } taken)
            {
                mail.Wake();
                return taken;
            }
        }
    }

    /// <summary>The budget's rows stay locked until the commit, so that two gateways never spend the last mail twice.</summary>
    /// <returns>Null when another request with the same key was quicker.</returns>
    private async Task<MailTakenIn?> StoreAsync(Message row, EmailAddress to, CancellationToken ct)
    {
        if (await budget.SpendAsync(row.SiteId, to, ct) is { } over)
        {
            // Another request with the same key may have spent the last one.
            return await db.Messages.AnyAsync(one => one.SiteId == row.SiteId && one.Key == row.Key, ct)
                ? null
                : new MailTakenIn.OverLimit(over);
        }

        // The unique index decides which of many requests at once is the first; the others find it when they look again.
        if (await db.InsertNewAsync([row], ct) > 0)
        {
            return new MailTakenIn.Accepted(row, IsRepeat: false);
        }

        await budget.GiveBackAsync(row.SiteId, to, ct);
        return null;
    }

    private async Task<Refusal?> ErrorAsync(Site site, AcceptMessage.Request request, Message row, CancellationToken ct)
    {
        if (SendAt.Error(IsoTime.Parse(request.SendAt), row.CreatedAt) is { } error)
        {
            return Refusal.Invalid("sendAt", error);
        }

        if (await senders.FindAsync(site, request.From, ct) is not { } sender)
        {
            return new(
                RefusalKind.Forbidden,
                "sender_not_allowed",
                request.From is null
                    ? "The site has no sender of its own. Name one as from, or have an operator set one."
                    : "The site may not send from this address. See /v1/senders?channel=mail."
            );
        }

        row.Sender = request.From is null ? null : sender.Id;
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, [(site.Id, row.Address!)], ct);
        return suppressed.TryGetValue((site.Id, row.Address!), out var reason) && reason != SuppressionReason.Unsubscribed
            ? reason.ToRefusal()
            : null;
    }

    private Message NewMessage(Site site, AcceptMessage.Request request, FilledTemplate template, string key)
    {
        var now = IsoTime.WholeMilliseconds(clock.GetUtcNow().UtcDateTime);
        var id = Guid.CreateVersion7(now);
        var asked = IsoTime.Parse(request.SendAt) is { } sendAt && sendAt > now ? IsoTime.WholeMilliseconds(sendAt) : now;
        var due = QuietHours.Of(site.MailQuiet, site.TimeZone)?.Earliest(asked) ?? asked;
        var later = due > now ? due : (DateTime?)null;
        return new()
        {
            Id = id,
            SiteId = site.Id,
            Key = key,
            ContentHash = Hash(request),
            Template = template.Key,
            Language = Languages.Pick(request.Language, site.Language),
            Address = EmailAddress.Parse(request.To)!.Key,
            ReplyTo = request.ReplyTo is null ? null : EmailAddress.Parse(request.ReplyTo)!.Text,
            Variables = MessageVariables.Protect(Normalised(template.Vars), secrets),
            Reference = request.Reference,
            IsBulk = request.Bulk == true,
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

        return SHA256.HashData(
            JsonSerializer.SerializeToUtf8Bytes(
                request with
                {
                    Variables = variables,
                    Vars = request.Vars is { } vars ? Sorted(vars) : null,
                },
                Canonical
            )
        );
    }

    private static JsonElement Sorted(JsonElement json) =>
        JsonSerializer.SerializeToElement(
            json.ValueKind switch
            {
                JsonValueKind.Object => new SortedDictionary<string, JsonElement>(
                    json.EnumerateObject()
                        .GroupBy(member => member.Name)
                        .ToDictionary(member => member.Key, member => Sorted(member.Last().Value)),
                    StringComparer.Ordinal
                ),
                JsonValueKind.Array => json.EnumerateArray().Select(Sorted).ToList(),
                _ => (object)json,
            }
        );

    /// <summary>A line break is a line break, whatever the caller's system.</summary>
    private static JsonObject Normalised(JsonObject vars)
    {
        foreach (var (name, value) in vars.ToList())
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var written))
            {
                vars[name] = written.ReplaceLineEndings("\n");
            }
        }

        return vars;
    }
}
