using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Somebody asked, with consent, that an address be subscribed to a list.</summary>
/// <param name="Visitor">Where the sign-up came from (<see cref="BudgetKeys.VisitorOf"/>); null when nobody knows.</param>
/// <param name="IsRepeat">Whether the submission may have been processed before, so that some of it may be started already.</param>
internal sealed record OptInCommand(
    Guid SiteId,
    ContactList List,
    EmailAddress Address,
    string Language,
    OptInEvidence Evidence,
    Guid? SubmissionId,
    byte[]? Visitor = null,
    bool IsRepeat = false
);

/// <summary>A command that starts nothing, since the person must not be written to.</summary>
internal sealed record RefusedOptIn(OptInCommand Command, NoContactReason Reason);

/// <summary>
/// Starts a confirmation for each command: a pending subscription, a request with its token and code, and the mail, in the caller's
/// transaction. What one form asks of one person is one mail, one token and one code, however many lists it names.
/// Whatever the address's standing, the one who asked learns nothing of it; whether a mail goes out, now or later, is decided here alone.
/// </summary>
internal sealed partial class StartOptIn(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptionStore,
    Suppressions suppressions,
    MailBudget perSubscription,
    ConfirmationBudget budget,
    HeldTurns heldTurns,
    RecipientDomains domains,
    AddressFlaws flaws,
    BudgetKeys keys,
    WriteConfirmation writer,
    Events events,
    OptInMetrics metrics,
    FreshMails freshMails,
    Leases leases,
    Signal<SendMessages> sending,
    TimeProvider clock,
    ILogger<StartOptIn> logger
)
{
    /// <summary>What is held back is tried again in turns (<see cref="HeldTurns"/>): within so long for all that is held.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(10);

    /// <summary>So many turns have the first half of that time.</summary>
    private const double SoonTurns = 8;

    /// <summary>
    /// Finds out about the domains of the addresses. To be called before the transaction in which <see cref="StartAsync"/> runs: the DNS
    /// may take its time.
    /// </summary>
    public Task LookUpAsync(IEnumerable<EmailAddress> addresses, CancellationToken ct) => domains.LookUpAsync(addresses, ct);

    /// <returns>Those that nobody may be asked about, for operators and callers who answer for what they tell; visitors never see
    /// it.</returns>
    public async Task<IReadOnlyList<RefusedOptIn>> StartAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        commands = await WithoutStartedAsync(commands, ct);
        if (commands.Count == 0)
        {
            return [];
        }

        // Of somebody who refused nothing new is kept, so this is looked up first.
        var blocked = await suppressions.FindForListsAsync(
            SuppressionChannel.Email,
            [.. commands.Select(command => (command.SiteId, command.List.Id, command.Address.Key))],
            ct
        );
        var refusals = commands
            .Select(command => (Command: command, Reason: ReasonOf(command, blocked)))
            .Where(one => one.Reason is not null)
            .Select(one => new RefusedOptIn(one.Command, one.Reason!.Value))
            .ToList();
        commands = [.. commands.Where(command => ReasonOf(command, blocked) is null)];
        if (commands.Count == 0)
        {
            return refusals;
        }

        var now = clock.GetUtcNow();
        var people = await contacts.FindOrAddAsync(commands.Select(command => NewContact(command, now)), ct);
        var added = new HashSet<Guid>(commands.Count);
        var subscriptions = await subscriptionStore.FindOrAddAsync(
            commands.Select(command =>
            {
                var fresh = Subscription.New(command.SiteId, people[(command.SiteId, command.Address.Key)].Id, command.List.Id, now);
                added.Add(fresh.Id);
                return MailBudget.WithFirst(fresh);
            }),
            ct
        );
        var all = commands
            .Select(command => (Command: command, Contact: people[(command.SiteId, command.Address.Key)]))
            .Select(pair => (pair.Command, pair.Contact, Subscription: subscriptions[(pair.Contact.Id, pair.Command.List.Id)]))
            .ToList();

        // One mail for each subscription, whatever came in twice in this moment.
        var open = all.Where(one => !IsCancelled(one.Subscription)).DistinctBy(one => one.Subscription.Id).ToList();
        var known = open.Where(one => !added.Contains(one.Subscription.Id)).Select(one => one.Subscription).ToList();
        var granted = await perSubscription.SpendAsync(known, ct);
        await ReplaceHeldAsync(granted, ct);
        var starting = open.Where(one => added.Contains(one.Subscription.Id) || granted.Contains(one.Subscription.Id)).ToList();
        // Rows of one moment have no other order than their ids: it is that of the form.
        var ids = starting.Select(_ => Guid.CreateVersion7(now)).Order().ToList();
        var requests = starting.Select((one, at) => NewRequest(ids[at], one.Command, one.Contact, one.Subscription, now)).ToList();
        var mails = starting
            .Zip(requests, (one, request) => (one.Command, one.Contact, Request: request))
            .GroupBy(one => (one.Command.SiteId, one.Command.Address.Key, one.Command.SubmissionId, one.Command.Language))
            .Select(mail => mail.ToList())
            .ToList();
        var holds = await HoldsAsync([.. mails.Select(mail => mail[0].Command)], ct);

        var tokens = new List<LinkToken>();
        var messages = new List<Message>();
        var turns = await heldTurns.OfAsync([.. mails.Where((_, at) => holds[at] is not null).Select(mail => mail[0].Request)], ct);
        foreach (var (mail, hold) in mails.Zip(holds))
        {
            var (_, contact, request) = mail[0];
            if (hold is null)
            {
                var (token, message) = writer.Write(request, contact, mail.ConvertAll(one => one.Command.List));
                tokens.Add(token);
                messages.Add(message);
            }
            else
            {
                HoldBack(request, hold, turns[request.Id], now.UtcDateTime);
            }

            foreach (var other in mail.Skip(1))
            {
                other.Request.Follow(request);
            }
        }

        var happened = starting.ConvertAll(one =>
            events.Of(
                EventTypes.SubscriptionPending,
                one.Command.SiteId,
                one.Contact.Id,
                new
                {
                    contact = PublicId.Format(PublicId.Contact, one.Contact.Id),
                    list = PublicId.Format(PublicId.List, one.Command.List.Id),
                }
            )
        );

        await db.InsertNewAsync(requests, ct);
        await db.InsertNewAsync(tokens, ct);
        var fresh = messages.Take(freshMails.Free).ToList();
        await leases.BeginAsync(fresh, freshMails.Lease, ct);
        db.OnCommitted(() => freshMails.Add(fresh));

        await db.InsertNewAsync(messages, ct);
        await subscriptionStore.HoldBackAsync([.. requests.Where(IsHeld).Select(one => one.SubscriptionId)], ct);
        foreach (var refused in requests.Where(one => one.State == OptInState.Refused))
        {
            await subscriptionStore.ExpireAsync(refused.SubscriptionId, ct);
        }

        await events.WriteAsync(db, happened, ct);
        db.OnCommitted(() => sending.Wake(isAllFresh: fresh.Count == messages.Count));
        db.OnCommitted(() => TellHeld(requests));
        return
        [
            .. refusals,
            .. all.Where(one => IsCancelled(one.Subscription)).Select(one => new RefusedOptIn(one.Command, NoContactReason.Cancelled)),
        ];
    }

    /// <summary>Keeps the request until there is room, and in line behind those whose turn is earlier, or who came before it.</summary>
    /// <param name="turn">How many of the same network wait before it.</param>
    public static void HoldBack(OptInRequest request, Hold hold, int turn, DateTime now)
    {
        request.HeldFor = hold.Reason;
        if (hold.Reason is HoldReason.Disposable or HoldReason.NoMail)
        {
            Refuse(request);
            return;
        }

        var age = (now - request.CreatedAt) / LinkTokens.ConfirmLifetime;
        request.State = OptInState.Held;
        var place = turn + 1 - Math.Clamp(age, 0, 1);
        request.DueAt = hold.Until + (place / (place + SoonTurns) * Spread);
    }

    /// <summary>No mail of it is ever sent; it stays as long as one that nobody answered.</summary>
    private static void Refuse(OptInRequest request)
    {
        request.State = OptInState.Refused;
        (request.Visitor, request.Network) = (null, null);
        request.DueAt = request.CreatedAt + ExpireRequests.Retention;
    }

    private static bool IsHeld(OptInRequest request) => request.State == OptInState.Held;

    /// <summary>Who asks again while their mail is held back says what counts now: only one of the two is sent.</summary>
    private async Task ReplaceHeldAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct)
    {
        if (subscriptionIds.Count > 0)
        {
            var forgetAt = clock.GetUtcNow().UtcDateTime + ExpireRequests.Retention;
            await db
                .OptInRequests.Where(one => subscriptionIds.Contains(one.SubscriptionId) && one.State == OptInState.Held)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(one => one.State, OptInState.Voided)
                            .SetProperty(one => one.DueAt, (DateTime?)forgetAt)
                            .SetProperty(one => one.Visitor, (byte[]?)null)
                            .SetProperty(one => one.Network, (int?)null)
                            .SetProperty(one => one.Evidence, (string?)null),
                    ct
                );
        }
    }

    private async Task<IReadOnlyList<Hold?>> HoldsAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        var refused = commands.Select(command => domains.RefusalOf(command.Address)).ToList();
        var claims = commands
            .Where((_, at) => refused[at] is null)
            .Select(command => new BudgetClaim(command.SiteId, command.Address, command.Visitor))
            .ToList();
        var spent = new Queue<Hold?>(await budget.SpendAsync(claims, ct));
        return refused.ConvertAll(reason => reason is { } never ? new Hold(never, DateTime.MaxValue) : spent.Dequeue());
    }

    private void TellHeld(IReadOnlyList<OptInRequest> requests)
    {
        foreach (var same in requests.Where(one => one.HeldFor is not null).GroupBy(one => (one.SiteId, Reason: one.HeldFor!.Value)))
        {
            metrics.HeldBack(same.Key.Reason, same.Count());
            LogHeld(same.Count(), PublicId.Format(PublicId.Site, same.Key.SiteId), same.Key.Reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} confirmation mails of site {Site} are held back: {Reason}")]
    private partial void LogHeld(int count, string site, HoldReason reason);

    /// <summary>Whoever left may be asked: only their own answer brings them back.</summary>
    private static NoContactReason? ReasonOf(
        OptInCommand command,
        Dictionary<(Guid SiteId, Guid ListId, string AddressKey), SuppressionReason> blocked
    ) =>
        blocked.TryGetValue((command.SiteId, command.List.Id, command.Address.Key), out var reason)
        && reason != SuppressionReason.Unsubscribed
            ? reason.ToNoContact()
            : null;

    /// <summary>Said in this very moment.</summary>
    private static bool IsCancelled(Subscription subscription) => subscription.State == SubscriptionState.Cancelled;

    /// <summary>A submission that is processed again starts only what it has not started yet.</summary>
    private async Task<IReadOnlyList<OptInCommand>> WithoutStartedAsync(IReadOnlyList<OptInCommand> commands, CancellationToken ct)
    {
        var submissions = commands
            .Where(command => command.IsRepeat)
            .Select(command => command.SubmissionId)
            .OfType<Guid>()
            .Distinct()
            .ToList();
        if (submissions.Count == 0)
        {
            return commands;
        }

        var started = await db
            .OptInRequests.AsNoTracking()
            .Where(request => request.SubmissionId != null && submissions.Contains(request.SubmissionId.Value))
            .Select(request => new { request.SubmissionId, request.ListId })
            .ToListAsync(ct);
        return started.Count == 0
            ? commands
            : [.. commands.Where(command => !started.Contains(new { command.SubmissionId, ListId = command.List.Id }))];
    }

    public Contact NewContact(OptInCommand command, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = command.SiteId,
            Address = command.Address.Text,
            AddressKey = command.Address.Key,
            Flaw = flaws.Of(command.Address.Key),
            Language = command.Language,
            CreatedAt = now.UtcDateTime,
        };

    private OptInRequest NewRequest(Guid id, OptInCommand command, Contact contact, Subscription subscription, DateTimeOffset now) =>
        new()
        {
            Id = id,
            SiteId = command.SiteId,
            SubscriptionId = subscription.Id,
            ContactId = contact.Id,
            ListId = command.List.Id,
            SubmissionId = command.SubmissionId,
            FormId = command.Evidence.FormId,
            Language = command.Language,
            Evidence = command.Evidence.ToJson(),
            CodeHmac = [],
            Domain = domains.GroupOf(command.Address),
            Visitor = command.Visitor,
            Network = keys.NetworkOf(command.Visitor, command.SiteId, domains.GroupOf(command.Address)),
            CreatedAt = now.UtcDateTime,
            ExpiresAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
            DueAt = (now + LinkTokens.ConfirmLifetime).UtcDateTime,
        };
}
