using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// What the person who received the mail answers: yes by button or by code, "this wasn't me", or "send me a new link". Looking changes
/// nothing,
/// since mail scanners open links; every change is one statement that only one of many presses wins.
/// </summary>
internal sealed class AnswerOptIn(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    SiteStore sites,
    ListStore lists,
    Suppressions suppressions,
    ConfirmSubscription confirm,
    StartOptIn start,
    LiftRefusal lift,
    LinkTokens links,
    ConsentLedger ledger,
    TimeProvider clock
)
{
    private const int MaxCodeTries = 5;

    /// <summary>At so many sites of an installation an address may usually be known.</summary>
    private const int FewContacts = 4;

    private static readonly SubscriptionState[] AnyButConfirmed =
    [
        .. Enum.GetValues<SubscriptionState>().Where(state => state != SubscriptionState.Confirmed),
    ];

    public Task<OptInPageModel> LookAsync(string token, CancellationToken ct) => ViewAsync(RequestOf(token), ct);

    /// <summary>The button.</summary>
    public Task<OptInPageModel> ConfirmAsync(string token, Visitor visitor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
                await ConsumeAsync(token, ct) is { } requestId
                && await confirm.ConfirmAsync(requestId, "button", visitor, ct) is { } confirmed
                    ? confirmed
                    : await LookAsync(token, ct),
            ct
        );

    /// <summary>
    /// The code, typed where the mail is not. Every request of the address counts the try, so that five guesses are all there are. A code
    /// that was used
    /// still fits, so that whoever presses twice does not end on a refusal.
    /// </summary>
    /// <returns>Null when the code does not fit, whatever the reason.</returns>
    public Task<OptInPageModel?> ConfirmByCodeAsync(string? address, string? code, Visitor visitor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var key = EmailAddress.Parse(address)?.Key ?? "";
                var digits = string.Concat((code ?? "").Where(char.IsAsciiDigit).Take(9));
                var now = clock.GetUtcNow().UtcDateTime;
                var tried = await CountTryAsync(await contacts.IdsOfAsync(key, ct), now, ct);

                // All are compared, so that the time tells nothing.
                var fitting = tried.Where(request => Fits(request, digits)).ToList();
                if (fitting is not [var request, ..])
                {
                    return null;
                }

                await db
                    .LinkTokens.Where(token => token.RequestId == request.Id && token.UsedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.UsedAt, now), ct);
                return await confirm.ConfirmAsync(request.Id, "code", visitor, ct)
                    ?? await ViewAsync(db.OptInRequests.Where(one => one.Id == request.Id), ct);
            },
            ct
        );

    /// <summary>
    /// Counts the try. Where there is nothing to try it is counted on a row of nobody's, so that the answer for an address that nobody
    /// knows, or that is none, takes the same statements, the same write and the same time.
    /// </summary>
    /// <returns>The requests that may still be tried.</returns>
    private async Task<List<OptInRequest>> CountTryAsync(List<Guid> contactIds, DateTime now, CancellationToken ct)
    {
        // One text of the statement for nearly all addresses: each further one would be prepared anew.
        var ids = contactIds
            .Concat(Enumerable.Repeat(Guid.Empty, Math.Max(1, FewContacts - contactIds.Count)))
            .Select((id, at) => db.Parameter($"id{at}", id))
            .ToArray();
        var sql = $"""
            with tried as (
                select id from optin_requests
                where state in ('pending', 'confirmed') and expires_at > @now and code_tries < @most
                    and contact_id in ({string.Join(", ", ids.Select(id => "@" + id.ParameterName.TrimStart('@')))})
            )
            update optin_requests set code_tries = (code_tries + 1) % 1000000
            where id in (select id from tried union all select @nobody where not exists (select 1 from tried))
            returning *
            """;
        object[] parameters =
        [
            .. ids,
            db.Parameter("now", now),
            db.Parameter("most", MaxCodeTries),
            db.Parameter("nobody", OptInRequest.NobodyId),
        ];
        return await db.OptInRequests.FromSqlRaw(sql, parameters).AsNoTracking().ToListAsync(ct);
    }

    /// <summary>"This wasn't me": nothing is confirmed, and the address is not written to again for this list.</summary>
    public Task<OptInPageModel> CancelAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await ConsumeAsync(token, ct) is not { } requestId)
                {
                    return await LookAsync(token, ct);
                }

                var request = await db.OptInRequests.AsNoTracking().SingleAsync(one => one.Id == requestId, ct);
                await db
                    .OptInRequests.Where(one =>
                        one.SubscriptionId == request.SubscriptionId && (one.State == OptInState.Pending || one.State == OptInState.Held)
                    )
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(one => one.State, OptInState.Cancelled)
                                .SetProperty(one => one.Visitor, (byte[]?)null)
                                .SetProperty(one => one.Evidence, (string?)null),
                        ct
                    );

                // Somebody else's sign-up does not take the list from a person who confirmed it long ago.
                if (await subscriptions.MoveAsync(request.SubscriptionId, AnyButConfirmed, SubscriptionState.Cancelled, ct))
                {
                    var contact = await contacts.GetAsync(request.ContactId, ct);
                    await suppressions.RefuseAsync(
                        request.SiteId,
                        request.ListId,
                        contact.AddressKey,
                        SuppressionReason.Cancelled,
                        "link",
                        ct
                    );
                    var list = await lists.FindAsync(request.ListId, ct);
                    await ledger.AppendAsync(
                        request.SiteId,
                        new(
                            ConsentKind.Cancelled,
                            request.ContactId,
                            request.ListId,
                            new Dictionary<string, string?> { ["listName"] = list?.Name, ["by"] = "link" },
                            new Dictionary<string, string?>()
                        ),
                        ct
                    );
                }

                return await LookAsync(token, ct);
            },
            ct
        );

    /// <summary>
    /// "This wasn't me" was pressed by mistake: who holds the link takes it back. What was typed then is gone, so they sign up once more.
    /// </summary>
    public Task<OptInPageModel> RestoreAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var model = await LookAsync(token, ct);
                if (model is { Standing: OptInStanding.Cancelled, MayRestore: true })
                {
                    var request = await RequestOf(token).AsNoTracking().SingleAsync(ct);
                    var subscription = (await subscriptions.FindAsync(request.SubscriptionId, ct))!;
                    await lift.RestoreAsync(subscription, ct);
                }

                return await LookAsync(token, ct);
            },
            ct
        );

    /// <summary>A new mail for a link that came too late, inside the budget of the address.</summary>
    public Task<OptInPageModel> RenewAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var model = await LookAsync(token, ct);
                if (model.Standing != OptInStanding.Expired)
                {
                    return model;
                }

                // The budget of the address would refuse it: the person hears so, instead of waiting for a mail that was never written.
                if (model.NextAt is not null)
                {
                    return model with { Standing = OptInStanding.TooSoon };
                }

                var request = await RequestOf(token).AsNoTracking().SingleAsync(ct);
                if (request.Evidence is { } evidence)
                {
                    var contact = await contacts.GetAsync(request.ContactId, ct);
                    await start.StartAsync(
                        [
                            new(
                                request.SiteId,
                                model.List!,
                                EmailAddress.Parse(contact.Address)!,
                                request.Language,
                                OptInEvidence.FromJson(evidence),
                                null
                            ),
                        ],
                        ct
                    );
                }

                return await WithNextAsync(request.SubscriptionId, model, ct) with
                {
                    Standing = OptInStanding.Renewed,
                };
            },
            ct
        );

    /// <summary>Whoever holds the link owns the mailbox, so they may know when the next mail is possible.</summary>
    private async Task<OptInPageModel> WithNextAsync(Guid subscriptionId, OptInPageModel model, CancellationToken ct)
    {
        var subscription = await subscriptions.FindAsync(subscriptionId, ct);
        var heldUntil = await db
            .OptInRequests.Where(one => one.SubscriptionId == subscriptionId && one.State == OptInState.Held)
            .MaxAsync(one => one.DueAt, ct);
        var nextAt = subscription is null ? DateTime.MinValue : MailBudget.NextAt(subscription);
        return model with { HeldUntil = heldUntil, NextAt = nextAt > clock.GetUtcNow().UtcDateTime ? nextAt : null };
    }

    /// <summary>From the token to its request: the other way round SQLite would read every request.</summary>
    private IQueryable<OptInRequest> RequestOf(string token)
    {
        var hash = Secrets.Hash(token);
        return from link in db.LinkTokens
            where link.Hash == hash && link.Purpose == LinkPurpose.Confirm
            join request in db.OptInRequests on link.RequestId equals request.Id
            select request;
    }

    private async Task<OptInPageModel> ViewAsync(IQueryable<OptInRequest> which, CancellationToken ct)
    {
        var request = await which.AsNoTracking().SingleOrDefaultAsync(ct);
        if (
            request is null
            || !(await subscriptions.GetManyAsync([request.SubscriptionId], ct)).TryGetValue(request.SubscriptionId, out var joined)
        )
        {
            return new(OptInStanding.Unknown);
        }

        var standing = Standing(request, joined.Subscription);
        var model = new OptInPageModel(standing, await sites.GetAsync(request.SiteId, ct), joined.List, request.Language)
        {
            MayRestore = request.State == OptInState.Cancelled && joined.Subscription.State == SubscriptionState.Cancelled,
        };
        return standing == OptInStanding.Expired ? await WithNextAsync(request.SubscriptionId, model, ct) : model;
    }

    private OptInStanding Standing(OptInRequest request, Subscription subscription) =>
        request.State switch
        {
            OptInState.Confirmed or OptInState.Voided => SinceAnswered(subscription),
            OptInState.Cancelled => subscription.State is SubscriptionState.Cancelled or SubscriptionState.Confirmed
                ? OptInStanding.Cancelled
                : OptInStanding.Restored,
            OptInState.Pending when request.ExpiresAt > clock.GetUtcNow().UtcDateTime => OptInStanding.Open,

            // No new mail is made of what somebody answered: its evidence is gone, or the answer was "this wasn't me".
            _ when request.Evidence is null || subscription.State is SubscriptionState.Confirmed or SubscriptionState.Cancelled =>
                SinceAnswered(subscription),
            _ => OptInStanding.Expired,
        };

    /// <summary>What has become of a subscription since this request, or another one beside it, was answered.</summary>
    private static OptInStanding SinceAnswered(Subscription subscription) =>
        subscription switch
        {
            { State: SubscriptionState.Confirmed } => OptInStanding.AlreadyConfirmed,
            { State: SubscriptionState.Cancelled } or { ConfirmedAt: null } => OptInStanding.Cancelled,
            { State: SubscriptionState.Unsubscribed } => OptInStanding.Unsubscribed,
            _ => OptInStanding.NotSubscribed,
        };

    /// <returns>The request the token answers, for the one press that used it up; null for every other.</returns>
    private async Task<Guid?> ConsumeAsync(string token, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var consumed = await db
            .LinkTokens.Where(link =>
                link.Hash == hash && link.Purpose == LinkPurpose.Confirm && link.UsedAt == null && link.ExpiresAt > now
            )
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct);
        return consumed == 0 ? null : await db.LinkTokens.Where(link => link.Hash == hash).Select(link => link.RequestId).SingleAsync(ct);
    }

    private bool Fits(OptInRequest request, string digits) => Secrets.Same(links.CodeHmac(request.Id, digits), request.CodeHmac);
}
