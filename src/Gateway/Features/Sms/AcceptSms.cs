using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Guard;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>An SMS that is on the disk, now or since an earlier call with the same key.</summary>
/// <param name="Note">Why the text takes more parts than a plain one would.</param>
internal sealed record AcceptedSms(SmsMessage Sms, bool IsRepeat, string? Note);

/// <summary>Takes an SMS in exactly once, or says before anything is sent why it will not be sent.</summary>
internal sealed class AcceptSms(
    GatewayDb db,
    SmsSettingsCache settings,
    SmsTemplates templates,
    SmsInbox inbox,
    SmsRanges ranges,
    SmsPrices prices,
    Suppressions hashes,
    TimeProvider clock
)
{
    /// <summary>A template is filled now, since its text is what is counted and spent; a repeat gets what was made then.</summary>
    public async Task<Result<AcceptedSms>> AcceptAsync(Guid siteId, string key, SmsRequest request, CancellationToken ct)
    {
        // Who asks again from elsewhere asks for the same message.
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { VisitorIp = null }, JsonSerializerOptions.Web));

        var filled = request.Text is { } given ? given : await templates.FillAsync(siteId, request, ct);
        if (filled.IsRefused(out var why, out var written))
        {
            return await FindAsync(siteId, key, ct) is { } known ? Repeat(known, hash, SmsEncoding.Of(known.Text, false)) : why;
        }

        var text = SmsEncoding.Of(written, request.SmartEncoding);
        var site = await settings.OfAsync(siteId, ct);
        var sendAt = IsoTime.Parse(request.SendAt);
        if (PhoneNumber.Parse(request.To!, request.Country, out var error) is not { } recipient)
        {
            return Refuse(RefusalKind.Invalid, "number_invalid", error, "to");
        }

        if (ErrorOf(site, request, sendAt, recipient, text) is { } refused)
        {
            // A replay is no new message: it is answered as before, whatever has changed since.
            return await FindAsync(siteId, key, ct) is { } before ? Repeat(before, hash, text) : refused;
        }

        var row = NewRow(siteId, key, hash, request, sendAt, recipient, text, site.Quiet);
        var cost = prices.Estimate(recipient.Country, text.Parts);
        return await StoreAsync(new(row, site.Policy, recipient.Country, cost), text, ct);
    }

    /// <summary>What can be said without looking into the database.</summary>
    private Refusal? ErrorOf(SiteSms site, SmsRequest request, DateTime? sendAt, PhoneNumber recipient, SmsEncoding text)
    {
        if (SendAt.Error(sendAt, clock.GetUtcNow().UtcDateTime) is { } untimely)
        {
            return Refuse(RefusalKind.Invalid, "invalid_request", untimely, "sendAt");
        }

        if (site.Policy.Route is not { Length: > 0 })
        {
            return Refuse(
                RefusalKind.Forbidden,
                "sms_not_configured",
                "No SMS provider is configured here. The operator sets Sms__Route, or a route for this site."
            );
        }

        if (text.Parts > SmsEncoding.MaxParts)
        {
            return Refuse(
                RefusalKind.Invalid,
                "too_many_parts",
                $"The text takes {text.Parts} parts; {SmsEncoding.MaxParts} is the most. {text.Note}".TrimEnd(),
                "text"
            );
        }

        if (ranges.Find(recipient.Number) is { } range)
        {
            return Refuse(
                RefusalKind.Forbidden,
                "range_not_allowed",
                $"Numbers that begin with +{range.Digits} are {range.What}, which cost many times what others do. The operator can "
                    + "allow them with Sms__Guard__AllowedRanges."
            );
        }

        if (!SmsCountries.Allow(site.Policy.Countries, recipient.Country))
        {
            return Refuse(
                RefusalKind.Forbidden,
                "country_not_allowed",
                $"This site does not send SMS to {recipient.Country ?? "numbers of no country"}. Its operator can allow more countries."
            );
        }

        if (
            site.Policy.MaxPrice is { } most
            && prices.Estimate(recipient.Country, text.Parts) is var cost
            && cost > SmsPrices.Count(most)
        )
        {
            return Refuse(
                RefusalKind.Forbidden,
                "price_too_high",
                $"This message may cost {SmsPrices.Text(cost)} EUR, and the site pays at most {SmsPrices.Text(SmsPrices.Count(most))} EUR "
                    + "for one. A shorter text takes fewer parts; the operator can allow more."
            );
        }

        var carriers = site.For(recipient.Number);
        return carriers.Count == 0
                ? Refuse(
                    RefusalKind.Forbidden,
                    "sms_not_configured",
                    "No provider with a complete account is configured for this number. The operator sees what is missing with: gateway "
                        + "sms check"
                )
            : !carriers.Any(carrier => carrier.MaySendAs(request.Sender))
                ? Refuse(
                    RefusalKind.Forbidden,
                    "sender_not_allowed",
                    "This site may not send as this sender to this number. Take one of GET /v1/senders?channel=sms, or leave sender out."
                )
            : null;
    }

    /// <summary>The unique key decides about repeats, and only a message that is new spends.</summary>
    private async Task<Result<AcceptedSms>> StoreAsync(NewSms message, SmsEncoding text, CancellationToken ct) =>
        await inbox.StoreAsync(message, ct) switch
        {
            SmsStored.Before before => Repeat(before.Sms, message.Sms.ContentHash, text),
            SmsStored.Suppressed => Refuse(RefusalKind.Forbidden, "suppressed", "The owner of this number asked for no more messages."),
            SmsStored.OverLimit over => Over(over.Limit, message.Policy),
            _ => new AcceptedSms(message.Sms, IsRepeat: false, text.Note),
        };

    private static Refusal Over(SmsLimit limit, SmsPolicy policy) =>
        limit switch
        {
            SmsLimit.PerRecipientHour => Refuse(
                RefusalKind.Forbidden,
                "recipient_limit",
                $"This number got {policy.PerRecipientHour} messages within this hour, which is the most. Nothing was sent."
            ),
            SmsLimit.PartsPerDay => Refuse(
                RefusalKind.Forbidden,
                "budget_exceeded",
                $"The site's budget of {policy.PartsPerDay} parts a day does not hold it until midnight UTC. Nothing was sent."
            ),
            SmsLimit.PartsPerMonth => Refuse(
                RefusalKind.Forbidden,
                "budget_exceeded",
                $"The site's budget of {policy.PartsPerMonth} parts a month does not hold it. Nothing was sent."
            ),
            SmsLimit.MoneyPerDay => Refuse(
                RefusalKind.Forbidden,
                "budget_exceeded",
                $"The site's budget of {SmsPrices.Text(SmsPrices.Count(policy.MoneyPerDay ?? 0))} EUR a day does not hold it until "
                    + "midnight UTC. Nothing was sent."
            ),
            SmsLimit.UnusedOfCountry => TooManyUnused("to this country"),
            SmsLimit.UnusedOfVisitor => TooManyUnused("for this visitor"),
            _ => TooManyUnused("for this visitor, to too many countries"),
        };

    private static Refusal TooManyUnused(string where) =>
        Refuse(
            RefusalKind.TooMany,
            "too_many_unused",
            $"Too many messages {where} were asked for and not used (POST /v1/sms/ID/used). Try again in an hour. Nothing was sent."
        );

    private Task<SmsMessage?> FindAsync(Guid siteId, string key, CancellationToken ct) =>
        db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Key == key, ct);

    private static Result<AcceptedSms> Repeat(SmsMessage before, byte[] hash, SmsEncoding text) =>
        before.ContentHash.AsSpan().SequenceEqual(hash) ? new AcceptedSms(before, IsRepeat: true, text.Note) : Refusal.KeyReused;

    private SmsMessage NewRow(
        Guid siteId,
        string key,
        byte[] hash,
        SmsRequest request,
        DateTime? sendAt,
        PhoneNumber recipient,
        SmsEncoding text,
        QuietHours? quiet
    )
    {
        var now = IsoTime.WholeMilliseconds(clock.GetUtcNow().UtcDateTime);
        var asked = sendAt > now ? IsoTime.WholeMilliseconds(sendAt.Value) : now;
        var due = quiet?.Earliest(asked) ?? asked;
        var later = due > now ? due : (DateTime?)null;
        return new()
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SiteId = siteId,
            Key = key,
            ContentHash = hash,
            Recipient = recipient.Number,
            Text = text.Text,
            Encoding = text.Encoding,
            Parts = text.Parts,
            Sender = request.Sender,
            Reference = request.Reference,
            Visitor = VisitorCounts.KeyOf(request.VisitorIp, hashes),
            State = later is null ? SmsState.Queued : SmsState.Scheduled,
            CreatedAt = now,
            SendAt = later,
            DueAt = later ?? now,
        };
    }

    private static Refusal Refuse(RefusalKind kind, string code, string sentence, string? field = null) =>
        new(kind, code, sentence, field);
}
