using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// The moment of consent: request, subscription, contact, ledger entry, command for the provider and event change together or not at all.
/// </summary>
internal sealed class ConfirmSubscription(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    PurposeStore purposes,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    MessageStore messages,
    RecordConsent consent,
    Suppressions suppressions,
    SecretEncryption secrets,
    Signal<SendMessages> mail,
    OptInMetrics metrics,
    TimeProvider clock
)
{
    /// <param name="by">How it was confirmed: <c>button</c>, <c>code</c>.</param>
    /// <returns>Null when the request is no longer pending. Runs inside the caller's transaction.</returns>
    public async Task<OptInPageModel?> ConfirmAsync(Guid requestId, string by, Visitor visitor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var time = now.UtcDateTime;
        var won = await db
            .OptInRequests.Where(one => one.Id == requestId && one.State == OptInState.Pending && one.ExpiresAt > time)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, OptInState.Confirmed)
                        .SetProperty(one => one.Network, (int?)null)
                        .SetProperty(one => one.DueAt, (DateTime?)null),
                ct
            );
        if (won == 0)
        {
            return null;
        }

        var request = await db.OptInRequests.AsNoTracking().SingleAsync(one => one.Id == requestId, ct);
        var evidence = OptInEvidence.FromJson(request.Evidence!);
        var site = await sites.GetAsync(request.SiteId, ct);
        var list = (await lists.FindAsync(request.ListId, ct))!;
        var subscription = await subscriptions.GetTrackedAsync(request.SubscriptionId, ct);
        var contact = await contacts.GetTrackedAsync(request.ContactId, ct);

        contact.TakeOver(evidence.Name, request.Language, evidence.Properties);
        await suppressions.LiftByConfirmationAsync(site.Id, list.Id, contact.AddressKey, ct);
        await consent.RecordAsync(
            subscription,
            contact,
            list,
            await EntryAsync(request, evidence, site, list, contact, by, visitor, time, ct),
            DateOnly.FromDateTime(time),
            fresh: true,
            time,
            ct
        );
        var preferences = AddLinks(request, evidence, list, contact, now);
        await db.SaveChangesAsync(ct);
        db.OnCommitted(mail.Wake);
        db.OnCommitted(() => metrics.Confirmed(by));
        return new(OptInStanding.JustConfirmed, site, [list], request.Language, preferences);
    }

    private async Task<ConsentEntry> EntryAsync(
        OptInRequest request,
        OptInEvidence evidence,
        Site site,
        ContactList list,
        Contact contact,
        string by,
        Visitor visitor,
        DateTime now,
        CancellationToken ct
    )
    {
        var shown = list.In(request.Language);
        var words = await purposes.WordsAsync(site.Id, [list], request.Language, site.Language, ct);
        var mail = await messages.LastOfRequestAsync(request.MailOf, ct);
        return new(
            ConsentKind.Confirmed,
            contact.Id,
            list.Id,
            new Dictionary<string, string?>
            {
                ["consentText"] = evidence.ConsentText,
                ["consentTextSha256"] = ConsentEntry.Sha256(evidence.ConsentText),
                ["policyUrl"] = evidence.PolicyUrl,
                ["policyVersion"] = evidence.PolicyVersion,
                ["siteName"] = site.Name,
                ["listName"] = list.Name,
                ["listNameShown"] = shown.Name,
                ["listDescription"] = shown.Description,
                ["purpose"] = list.Purpose,
                ["purposeText"] = words.GetValueOrDefault(list.Id),
                ["source"] = evidence.Source,
                ["formId"] = evidence.FormId,
                ["formTitle"] = evidence.FormTitle,
                ["formUrl"] = evidence.FormUrl,
                ["language"] = request.Language,
                ["submission"] = request.SubmissionId is { } submission ? PublicId.Format(PublicId.Submission, submission) : null,
                ["submittedAt"] = ConsentEntry.Iso(evidence.SubmittedAt),
                ["mailMessageId"] = mail?.MessageId,
                ["mailSentAt"] = ConsentEntry.Iso(mail?.SentAt),
                ["mailAnswer"] = mail?.Answer,
                ["confirmedAt"] = ConsentEntry.Iso(now),
                ["confirmedBy"] = by,
            },
            new Dictionary<string, string?>
            {
                ["address"] = contact.Address,
                ["name"] = evidence.Name,
                ["submissionIp"] = evidence.Ip,
                ["submissionUserAgent"] = evidence.UserAgent,
                ["confirmationIp"] = visitor.IpFor(site),
                ["confirmationUserAgent"] = visitor.UserAgent,
            }
        );
    }

    /// <summary>From now on the person can leave again: by the links of the welcome mail, and on the page they see.</summary>
    /// <returns>The token of the preferences link.</returns>
    private string AddLinks(OptInRequest request, OptInEvidence evidence, ContactList list, Contact contact, DateTimeOffset now)
    {
        var (preferences, preferencesRow) = LinkTokens.New(
            LinkPurpose.Preferences,
            request.SubscriptionId,
            null,
            (now + LinkTokens.UnsubscribeLifetime).UtcDateTime
        );
        db.LinkTokens.Add(preferencesRow);
        if (list.Welcome)
        {
            var (unsubscribe, row) = LinkTokens.New(
                LinkPurpose.Unsubscribe,
                request.SubscriptionId,
                null,
                (now + LinkTokens.UnsubscribeLifetime).UtcDateTime
            );
            db.LinkTokens.Add(row);
            var sealedLinks = new MessageSecrets(Unsubscribe: unsubscribe, Preferences: preferences).Protect(secrets);
            var message = Message.To(contact, list, BuiltInMails.Welcome, request.Language, $"welcome:{request.Id:N}", sealedLinks, now);
            message.Variables = MessageVariables.Protect(FormOf(evidence), secrets);
            messages.Add(message);
        }

        return preferences;
    }

    /// <summary>What a template of welcome mails sees of the form.</summary>
    private static JsonObject FormOf(OptInEvidence evidence) =>
        new()
        {
            [TemplateNamespaces.Form] = new JsonObject
            {
                ["id"] = evidence.FormId,
                ["title"] = evidence.FormTitle,
                ["url"] = evidence.FormUrl,
            },
        };
}
