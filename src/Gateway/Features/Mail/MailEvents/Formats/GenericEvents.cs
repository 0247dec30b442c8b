using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Infrastructure;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// For whoever has no format of their own: an object, or an array of them,
/// <c>{ "messageId": "msg_…" or "&lt;…@…&gt;", "address": "…", "type": "…", "code": "5.1.1", "detail": "…", "at": "2026-01-31T12:00:00Z",
/// "id": "…" }</c>. <c>type</c> is one of <see cref="Types"/>; without <c>messageId</c> there must be an <c>address</c>. Signed by the
/// Standard Webhooks scheme where the source has a signing key.
/// <para>Who writes these reads the answer, so what makes no sense is refused, and then nothing of it is kept.</para>
/// </summary>
internal sealed class GenericEvents : JsonFormat
{
    public static readonly IReadOnlyDictionary<string, MailEventType> Types = new Dictionary<string, MailEventType>
    {
        ["delivered"] = MailEventType.Delivered,
        ["deferred"] = MailEventType.Deferred,
        ["hard_bounced"] = MailEventType.HardBounced,
        ["soft_bounced"] = MailEventType.SoftBounced,
        ["blocked"] = MailEventType.Blocked,
        ["complained"] = MailEventType.Complained,
        ["unsubscribed"] = MailEventType.Unsubscribed,
        ["clicked"] = MailEventType.Clicked,
    };

    public override string? SigningKeyError(string key) => ResendEvents.SecretError(key);

    public override async ValueTask<Result<List<ReportedEvent>>> ReadAsync(MailEventCall call, CancellationToken ct)
    {
        if ((await base.ReadAsync(call, ct)).IsRefused(out var why, out var events))
        {
            return why;
        }

        return events.FindIndex(one => one.Type == MailEventType.Other) is >= 0 and var at
            ? Refusal.Invalid(
                $"[{at}]",
                $"It is no event: \"type\" must be one of {string.Join(", ", Types.Keys)}, "
                    + "and \"messageId\" or \"address\" must say whose mail it is about."
            )
            : events;
    }

    protected override bool IsSigned(MailEventCall call, JsonElement root) =>
        call.SigningKey is null
        || ResendEvents.IsSigned(call, WebhookSignature.IdHeader, WebhookSignature.TimestampHeader, WebhookSignature.SignatureHeader);

    protected override IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body)
    {
        var (id, address) = (one.Text("messageId"), one.Text("address"));
        if (Types.TryGetValue(one.Text("type") ?? "", out var type) && (id ?? address) is not null)
        {
            yield return new(type, one.Text("id"), body)
            {
                Correlation = id,
                MimeId = id,
                Address = address,
                Code = one.Text("code"),
                Detail = one.Text("detail"),
                At = one.IsoTime("at"),
            };
        }
    }
}
