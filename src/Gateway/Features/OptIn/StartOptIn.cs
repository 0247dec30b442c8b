using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Somebody asked, with consent, that an address be subscribed to a list.</summary>
internal sealed record OptInCommand(
    Guid SiteId,
    ContactList List,
    EmailAddress Address,
    string Language,
    OptInEvidence Evidence,
    Guid? SubmissionId
);

/// <summary>
/// Starts a confirmation for each command: a pending subscription, a request with its token and code, and the mail, in the caller's
/// transaction.
/// Whatever the address's standing, the one who asked learns nothing of it; whether a mail goes out is decided here alone.
/// </summary>
internal sealed class StartOptIn(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptionStore,
    Suppressions suppressions,
    MailBudget budget,
    LinkTokens links,
    SecretEncryption secrets,
    Events events,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    public async Task StartAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        commands = await WithoutStartedAsync(commands, ct);
        if (commands.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var people = await contacts.FindOrAddAsync(commands.Select(command => NewContact(command, now)), ct);
        var subscriptions = await subscriptionStore.FindOrAddAsync(
            commands.Select(command =>
                Subscription.New(command.SiteId, people[(command.SiteId, command.Address.Key)].Id, command.List.Id, now)
            ),
            ct
        );
        var blocked = await suppressions.FindAsync(
            SuppressionChannel.Email,
            [.. commands.Select(command => (command.SiteId, command.Address.Key))],
            ct
        );

        // One mail for each subscription, whatever came in twice in this moment.
        var open = commands
            .Select(command => (Command: command, Contact: people[(command.SiteId, command.Address.Key)]))
            .Select(pair => (pair.Command, pair.Contact, Subscription: subscriptions[(pair.Contact.Id, pair.Command.List.Id)]))
            .Where(one =>
                !blocked.TryGetValue((one.Command.SiteId, one.Command.Address.Key), out var reason)
                || reason == SuppressionReason.Unsubscribed
            )
            .DistinctBy(one => one.Subscription.Id)
            .ToList();
        var granted = await budget.SpendAsync([.. open.Select(one => one.Subscription.Id)], ct);

        var requests = new List<OptInRequest>();
        var tokens = new List<LinkToken>();
        var messages = new List<Message>();
        var happened = new List<Event>();
        foreach (var (command, contact, subscription) in open.Where(one => granted.Contains(one.Subscription.Id)))
        {
            var request = NewRequest(command, contact, subscription, now);
            var (token, row) = LinkTokens.New(LinkPurpose.Confirm, subscription.Id, request.Id, request.ExpiresAt);
            var code = LinkTokens.NewCode();
            request.CodeHmac = links.CodeHmac(request.Id, code);
            requests.Add(request);
            tokens.Add(row);
            messages.Add(
                Message.To(
                    contact,
                    command.List,
                    BuiltInMails.Confirmation,
                    command.Language,
                    $"optin:{request.Id:N}",
                    new MessageSecrets(Confirm: token, Code: code).Protect(secrets),
                    now,
                    request.Id
                )
            );
            happened.Add(
                events.Of(
                    EventTypes.SubscriptionPending,
                    command.SiteId,
                    contact.Id,
                    new
                    {
                        contact = PublicId.Format(PublicId.Contact, contact.Id),
                        list = PublicId.Format(PublicId.List, command.List.Id),
                    }
                )
            );
        }

        await db.InsertNewAsync(requests, ct);
        await db.InsertNewAsync(tokens, ct);
        await db.InsertNewAsync(messages, ct);
        await events.WriteAsync(db, happened, ct);
        db.OnCommitted(mail.Wake);
    }

    /// <summary>A submission that is processed again, after a crash or by an operator, starts only what it has not started yet.</summary>
    private async Task<IReadOnlyList<OptInCommand>> WithoutStartedAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        var submissions = commands.Select(command => command.SubmissionId).OfType<Guid>().Distinct().ToList();
        var started = await db
            .OptInRequests.AsNoTracking()
            .Where(request => request.SubmissionId != null && submissions.Contains(request.SubmissionId.Value))
            .Select(request => new { request.SubmissionId, request.ListId })
            .ToListAsync(ct);
        return started.Count == 0
            ? commands
            : [.. commands.Where(command => !started.Contains(new { command.SubmissionId, ListId = command.List.Id }))];
    }

    public static Contact NewContact(OptInCommand command, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = command.SiteId,
            Address = command.Address.Text,
            AddressKey = command.Address.Key,
            Language = command.Language,
            CreatedAt = now.UtcDateTime,
        };

    private static OptInRequest NewRequest(OptInCommand command, Contact contact, Subscription subscription, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = command.SiteId,
            SubscriptionId = subscription.Id,
            ContactId = contact.Id,
            ListId = command.List.Id,
            SubmissionId = command.SubmissionId,
            FormId = command.Evidence.FormId,
            State = OptInState.Pending,
            Language = command.Language,
            Evidence = command.Evidence.ToJson(),
            CodeHmac = [],
            CreatedAt = now.UtcDateTime,
            ExpiresAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
            DueAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
        };
}
