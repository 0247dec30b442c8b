using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// What the person who received the mail answers: yes by button or by code, "this wasn't me", or "send me a new link". Mail scanners open
/// links, so looking is apart (<see cref="OptInStandings"/>); every change is one statement that only one of many presses wins.
/// </summary>
internal sealed class AnswerOptIn(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    ListStore lists,
    Suppressions suppressions,
    ConfirmSubscription confirm,
    OptInStandings standings,
    UnansweredSubscriptions unanswered,
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

    /// <summary>The button: one press answers for all lists of the mail, in one transaction.</summary>
    /// <param name="chosen">The lists that are ticked; null where the page has no boxes, as for a single list.</param>
    public Task<OptInPageModel> ConfirmAsync(string token, IReadOnlyCollection<Guid>? chosen, Visitor visitor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var open = await standings.LookAsync(token, ct);
                if (open.Standing == OptInStanding.Open && chosen is not null && !open.Lists!.Any(list => chosen.Contains(list.Id)))
                {
                    return open with { Standing = OptInStanding.NoneChosen };
                }

                return
                    await ConsumeAsync(token, ct) is { } requestId
                    && await ConfirmAllAsync(requestId, "button", chosen, visitor, ct) is { } confirmed
                    ? confirmed
                    : await standings.LookAsync(token, ct);
            },
            ct
        );

    /// <returns>Null when none of them could be confirmed any more.</returns>
    private async Task<OptInPageModel?> ConfirmAllAsync(
        Guid requestId,
        string by,
        IReadOnlyCollection<Guid>? chosen,
        Visitor visitor,
        CancellationToken ct
    )
    {
        OptInPageModel? all = null;
        foreach (var request in await standings.SameMailAsync(requestId, ct))
        {
            if (chosen?.Contains(request.ListId) == false)
            {
                await DeclineAsync(request, ct);
            }
            else if (await confirm.ConfirmAsync(request.Id, by, visitor, ct) is { } one)
            {
                all = all is null ? one : all with { Lists = [.. all.Lists!, .. one.Lists!] };
            }
        }

        return all;
    }

    private async Task DeclineAsync(OptInRequest request, CancellationToken ct)
    {
        var forgetAt = request.CreatedAt + ExpireRequests.Retention;
        var declined = await db
            .OptInRequests.Where(one => one.Id == request.Id && one.State == OptInState.Pending)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, OptInState.Declined)
                        .SetProperty(one => one.Network, (int?)null)
                        .SetProperty(one => one.Evidence, (string?)null)
                        .SetProperty(one => one.DueAt, (DateTime?)forgetAt),
                ct
            );
        if (declined > 0)
        {
            await unanswered.EndAsync(request, ct);
        }
    }

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
                    .LinkTokens.Where(token =>
                        token.SubscriptionId == request.SubscriptionId && token.RequestId == request.Id && token.UsedAt == null
                    )
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.UsedAt, now), ct);
                return await ConfirmAllAsync(request.Id, "code", chosen: null, visitor, ct) ?? await standings.LookAsync(request.Id, ct);
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
                where expires_at > @now and code_tries < @most
                    and (state in ('pending', 'confirmed') or exists (
                        select 1 from optin_requests as follower
                        where follower.lead_id = optin_requests.id and follower.state = 'pending'
                    ))
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

    /// <summary>"This wasn't me": nothing is confirmed, and the address is not written to again for these lists.</summary>
    public Task<OptInPageModel> CancelAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await ConsumeAsync(token, ct) is { } requestId)
                {
                    foreach (var request in await standings.SameMailAsync(requestId, ct))
                    {
                        await CancelAsync(request, ct);
                    }
                }

                return await standings.LookAsync(token, ct);
            },
            ct
        );

    private async Task CancelAsync(OptInRequest request, CancellationToken ct)
    {
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
            await suppressions.RefuseAsync(request.SiteId, request.ListId, contact.AddressKey, SuppressionReason.Cancelled, "link", ct);
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
    }

    /// <summary>
    /// "This wasn't me" was pressed by mistake: who holds the link takes it back. What was typed then is gone, so they sign up once more.
    /// </summary>
    public Task<OptInPageModel> RestoreAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var model = await standings.LookAsync(token, ct);
                if (model is { Standing: OptInStanding.Cancelled, MayRestore: true })
                {
                    foreach (var (_, joined) in await standings.OfAsync(token, ct))
                    {
                        if (joined.Subscription.State == SubscriptionState.Cancelled)
                        {
                            await lift.RestoreAsync(joined.Subscription, ct);
                        }
                    }
                }

                return await standings.LookAsync(token, ct);
            },
            ct
        );

    /// <summary>A new mail for a link that came too late, inside the budget of the address.</summary>
    public Task<OptInPageModel> RenewAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var model = await standings.LookAsync(token, ct);
                if (model.Standing != OptInStanding.Expired)
                {
                    return model;
                }

                // The budget of the address would refuse it: the person hears so, instead of waiting for a mail that was never written.
                if (model.NextAt is not null)
                {
                    return model with { Standing = OptInStanding.TooSoon };
                }

                var late = (await standings.OfAsync(token, ct)).FindAll(one => standings.Standing(one) == OptInStanding.Expired);
                var contact = await contacts.GetAsync(late[0].Request.ContactId, ct);
                await start.StartAsync(
                    late.ConvertAll(one => new OptInCommand(
                        one.Request.SiteId,
                        one.Joined.List,
                        EmailAddress.Parse(contact.Address)!,
                        one.Request.Language,
                        OptInEvidence.FromJson(one.Request.Evidence!),
                        null
                    )),
                    ct
                );
                return await standings.WithNextAsync(late.ConvertAll(one => one.Request.SubscriptionId), model, ct) with
                {
                    Standing = OptInStanding.Renewed,
                };
            },
            ct
        );

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
