using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>How a question whether somebody stays stands, as the holder of its link may see it.</summary>
internal enum StayStanding
{
    /// <summary>One press, and they stay.</summary>
    Open,

    /// <summary>They said so, by this press or before.</summary>
    Stays,

    /// <summary>The time to answer is over.</summary>
    TooLate,

    /// <summary>They are not on the list any more.</summary>
    Gone,
}

/// <param name="Words">What the person agreed to the last time, and agrees to again.</param>
/// <param name="HasLeft">Whether the person ended it, and not the site.</param>
internal sealed record StayPageModel(StayStanding Standing, Site Site, ContactList List, string Language, string? Words, bool HasLeft);

/// <summary>
/// A person who was silent says that they stay. That is consent anew, to the words and the purpose of the first time, and an entry of the
/// ledger; their standing on the list does not change, so neither hooks nor the list's provider hear of it. Looking changes nothing.
/// </summary>
internal sealed class AnswerRepermission(
    GatewayDb db,
    SiteStore sites,
    SubscriptionStore subscriptions,
    RepermissionStore asked,
    ConsentLedger ledger,
    MessageStore messages,
    IOptions<HygieneOptions> options,
    TimeProvider clock
)
{
    /// <summary>How somebody stayed, as the ledger names it.</summary>
    private const string ByStaying = "stay";

    /// <returns>Null when the link is unknown.</returns>
    public async Task<StayPageModel?> LookAsync(string token, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var link = await db
            .LinkTokens.AsNoTracking()
            .SingleOrDefaultAsync(one => one.Hash == hash && one.Purpose == LinkPurpose.Stay, ct);
        if (
            link is null
            || !(await subscriptions.GetManyAsync([link.SubscriptionId], ct)).TryGetValue(link.SubscriptionId, out var joined)
        )
        {
            return null;
        }

        var (subscription, contact, list) = joined;
        var standing =
            subscription.State != SubscriptionState.Confirmed ? StayStanding.Gone
            : link.UsedAt is not null ? StayStanding.Stays
            : IsOpen(await asked.FindAsync(contact.Id, ct), subscription.Id) ? StayStanding.Open
            : StayStanding.TooLate;
        var words = standing == StayStanding.Open ? await ledger.LastConsentAsync(contact.Id, list.Id, ct) : null;
        return new(
            standing,
            await sites.GetAsync(subscription.SiteId, ct),
            list,
            contact.Language,
            words?.GetValueOrDefault("consentText"),
            subscription.State == SubscriptionState.Unsubscribed
        );
    }

    /// <summary>The button.</summary>
    /// <inheritdoc cref="LookAsync"/>
    public async Task<StayPageModel?> StayAsync(string token, Visitor visitor, CancellationToken ct)
    {
        await db.WriteAsync(
            async () =>
            {
                var (hash, now) = (Secrets.Hash(token), clock.GetUtcNow().UtcDateTime);
                var links = db.LinkTokens.Where(one => one.Hash == hash && one.Purpose == LinkPurpose.Stay);
                if (await links.Select(one => one.SubscriptionId).ToListAsync(ct) is not [var subscriptionId])
                {
                    return;
                }

                // Whoever takes them off at this moment goes before or after.
                await subscriptions.LockAsync([subscriptionId], ct);
                var joined = (await subscriptions.GetManyAsync([subscriptionId], ct)).GetValueOrDefault(subscriptionId);
                if (
                    joined is { Subscription.State: SubscriptionState.Confirmed }
                    && await asked.FindAsync(joined.Contact.Id, ct) is { } question
                    && IsOpen(question, subscriptionId)
                    && await links.Where(one => one.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, now), ct)
                        > 0
                )
                {
                    await RecordAsync(joined, question, visitor, now, ct);
                }
            },
            ct
        );
        return await LookAsync(token, ct);
    }

    /// <summary>The time to answer begins when the mail has left; who reads it before that is written down answers in time.</summary>
    /// <param name="question">The last that the person was asked.</param>
    private bool IsOpen(Repermission? question, Guid subscriptionId) =>
        question?.SubscriptionId == subscriptionId && !(question.SentAt <= options.Value.TooLate(clock));

    private async Task RecordAsync(
        SubscriptionOfContact joined,
        Repermission question,
        Visitor visitor,
        DateTime now,
        CancellationToken ct
    )
    {
        var (subscription, contact, list) = joined;
        var site = await sites.GetAsync(subscription.SiteId, ct);
        var shown = list.In(contact.Language);
        var mail = await messages.FindAsync(site.Id, Repermission.MessageKey(subscription.Id, question.AskedOn), ct);
        var facts = new Dictionary<string, string?>
        {
            ["siteName"] = site.Name,
            ["listName"] = list.Name,
            ["listNameShown"] = shown.Name,
            ["listDescription"] = shown.Description,
            ["source"] = "repermission",
            ["language"] = contact.Language,
            ["mailMessageId"] = mail?.MessageId,
            ["mailSentAt"] = ConsentEntry.Iso(question.SentAt),
            ["mailAnswer"] = mail?.Answer,
            ["confirmedAt"] = ConsentEntry.Iso(now),
            ["confirmedBy"] = ByStaying,
        };

        // The page shows the words and nothing else: no policy, whatever it was the first time.
        if ((await ledger.LastConsentAsync(contact.Id, list.Id, ct))?.GetValueOrDefault("consentText") is { } words)
        {
            (facts["consentText"], facts["consentTextSha256"]) = (words, ConsentEntry.Sha256(words));
        }

        await subscriptions.ConfirmAgainAsync(subscription.Id, now, ct);
        await ledger.AppendAsync(
            site.Id,
            new(
                ConsentKind.Confirmed,
                contact.Id,
                list.Id,
                facts,
                new Dictionary<string, string?>
                {
                    ["address"] = contact.Address,
                    ["name"] = contact.Name,
                    ["confirmationIp"] = visitor.IpFor(site),
                    ["confirmationUserAgent"] = visitor.UserAgent,
                }
            ),
            ct
        );
    }
}
