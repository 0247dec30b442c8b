using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Somebody asked, with consent, that an address be subscribed to a list.</summary>
internal sealed record OptInWish(Guid SiteId, ContactList List, EmailAddress Address, string Language, OptInEvidence Evidence, Guid? SubmissionId);

/// <summary>
/// Starts a confirmation for each wish: a pending subscription, a request with its token and code, and the mail, in the caller's transaction.
/// Whatever the address's standing, the one who asked learns nothing of it; whether a mail goes out is decided here alone.
/// </summary>
internal sealed class StartOptIn(
    GatewayDb db, ContactStore contacts, SubscriptionStore subscriptionStore, Suppressions suppressions, MailBudget budget, LinkTokens links, Secrets secrets, Events events,
    Nudge<SendMessages> mail, TimeProvider clock)
{
    public async Task StartAsync(IReadOnlyList<OptInWish> wishes, CancellationToken ct)
    {
        wishes = await WithoutStartedAsync(wishes, ct);
        if (wishes.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var people = await contacts.FindOrAddAsync(wishes.Select(wish => NewContact(wish, now)), ct);
        var subscriptions = await subscriptionStore.FindOrAddAsync(
            wishes.Select(wish => Subscription.New(wish.SiteId, people[(wish.SiteId, wish.Address.Key)].Id, wish.List.Id, now)), ct);
        var blocked = await suppressions.FindAsync(SuppressionChannel.Email, [.. wishes.Select(wish => (wish.SiteId, wish.Address.Key))], ct);

        // One mail for each subscription, whatever came in twice in this moment.
        var open = wishes
            .Select(wish => (Wish: wish, Contact: people[(wish.SiteId, wish.Address.Key)]))
            .Select(pair => (pair.Wish, pair.Contact, Subscription: subscriptions[(pair.Contact.Id, pair.Wish.List.Id)]))
            .Where(one => !blocked.TryGetValue((one.Wish.SiteId, one.Wish.Address.Key), out var reason) || reason == SuppressionReason.Unsubscribed)
            .DistinctBy(one => one.Subscription.Id)
            .ToList();
        var granted = await budget.SpendAsync([.. open.Select(one => one.Subscription.Id)], ct);

        var requests = new List<OptInRequest>();
        var tokens = new List<LinkToken>();
        var messages = new List<Message>();
        var told = new List<Event>();
        foreach (var (wish, contact, subscription) in open.Where(one => granted.Contains(one.Subscription.Id)))
        {
            var request = NewRequest(wish, contact, subscription, now);
            var (token, row) = LinkTokens.New(LinkPurpose.Confirm, subscription.Id, request.Id, request.ExpiresAt);
            var code = LinkTokens.NewCode();
            request.CodeHmac = links.CodeHmac(request.Id, code);
            requests.Add(request);
            tokens.Add(row);
            messages.Add(Message.To(contact, wish.List, BuiltInMails.Confirmation, wish.Language, $"optin:{request.Id:N}", new MessageSecrets(Confirm: token, Code: code).Protect(secrets), now, request.Id));
            told.Add(events.Of(EventTypes.SubscriptionPending, wish.SiteId, contact.Id, new
            {
                contact = PublicId.Format(PublicId.Contact, contact.Id),
                list = PublicId.Format(PublicId.List, wish.List.Id),
            }));
        }

        await db.InsertNewAsync(requests, ct);
        await db.InsertNewAsync(tokens, ct);
        await db.InsertNewAsync(messages, ct);
        await events.WriteAsync(db, told, ct);
        db.OnCommitted(mail.Soon);
    }

    /// <summary>A submission that is processed again, after a crash or by an operator, starts only what it has not started yet.</summary>
    private async Task<IReadOnlyList<OptInWish>> WithoutStartedAsync(IReadOnlyList<OptInWish> wishes, CancellationToken ct)
    {
        var submissions = wishes.Select(wish => wish.SubmissionId).OfType<Guid>().Distinct().ToList();
        var started = await db.OptInRequests.AsNoTracking()
            .Where(request => request.SubmissionId != null && submissions.Contains(request.SubmissionId.Value))
            .Select(request => new { request.SubmissionId, request.ListId })
            .ToListAsync(ct);
        return started.Count == 0 ? wishes : [.. wishes.Where(wish => !started.Contains(new { wish.SubmissionId, ListId = wish.List.Id }))];
    }

    public static Contact NewContact(OptInWish wish, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        SiteId = wish.SiteId,
        Address = wish.Address.Text,
        AddressKey = wish.Address.Key,
        Language = wish.Language,
        CreatedAt = now.UtcDateTime,
    };

    private static OptInRequest NewRequest(OptInWish wish, Contact contact, Subscription subscription, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        SiteId = wish.SiteId,
        SubscriptionId = subscription.Id,
        ContactId = contact.Id,
        ListId = wish.List.Id,
        SubmissionId = wish.SubmissionId,
        FormId = wish.Evidence.FormId,
        State = OptInState.Pending,
        Language = wish.Language,
        Evidence = wish.Evidence.ToJson(),
        CodeHmac = [],
        CreatedAt = now.UtcDateTime,
        ExpiresAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
        DueAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
    };
}
