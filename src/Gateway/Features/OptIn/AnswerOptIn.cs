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
    ConfirmSubscription confirm,
    StartOptIn start,
    LinkTokens links,
    ConsentLedger ledger,
    TimeProvider clock
)
{
    private const int MaxCodeTries = 5;

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

                // All are compared, and one at least, so that the time tells nothing.
                var fitting = tried.Append(Nobody).Where(request => Fits(request, digits)).ToList();
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

    /// <returns>The requests that may still be tried; the try is counted.</returns>
    private Task<List<OptInRequest>> CountTryAsync(List<Guid> contactIds, DateTime now, CancellationToken ct)
    {
        // One id at least, so that an unknown address costs a statement too.
        var ids = contactIds.Append(Guid.Empty).Select((id, at) => db.Parameter($"id{at}", id)).ToArray();
        var sql = $"""
            update optin_requests set code_tries = code_tries + 1
            where state in ('pending', 'confirmed') and expires_at > @now and code_tries < @most
                and contact_id in ({string.Join(", ", ids.Select(id => "@" + id.ParameterName.TrimStart('@')))})
            returning *
            """;
        return db
            .OptInRequests.FromSqlRaw(sql, [.. ids, db.Parameter("now", now), db.Parameter("most", MaxCodeTries)])
            .AsNoTracking()
            .ToListAsync(ct);
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
                    .OptInRequests.Where(one => one.SubscriptionId == request.SubscriptionId && one.State == OptInState.Pending)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(one => one.State, OptInState.Cancelled).SetProperty(one => one.Evidence, (string?)null),
                        ct
                    );

                // Somebody else's sign-up does not take the list from a person who confirmed it long ago.
                if (await subscriptions.MoveAsync(request.SubscriptionId, AnyButConfirmed, SubscriptionState.Cancelled, ct))
                {
                    await ledger.AppendAsync(
                        request.SiteId,
                        new(
                            ConsentKind.Cancelled,
                            request.ContactId,
                            request.ListId,
                            new Dictionary<string, string?> { ["by"] = "link" },
                            new Dictionary<string, string?>()
                        ),
                        ct
                    );
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

                return model with
                {
                    Standing = OptInStanding.Renewed,
                };
            },
            ct
        );

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
        return
            request is null
            || !(await subscriptions.GetManyAsync([request.SubscriptionId], ct)).TryGetValue(request.SubscriptionId, out var joined)
            ? new(OptInStanding.Unknown)
            : new(Standing(request, joined.Subscription.State), await sites.GetAsync(request.SiteId, ct), joined.List, request.Language);
    }

    private OptInStanding Standing(OptInRequest request, SubscriptionState subscription) =>
        request.State switch
        {
            OptInState.Confirmed => OptInStanding.AlreadyConfirmed,
            OptInState.Voided => subscription == SubscriptionState.Confirmed ? OptInStanding.AlreadyConfirmed : OptInStanding.Cancelled,
            OptInState.Cancelled => OptInStanding.Cancelled,
            OptInState.Pending when request.ExpiresAt > clock.GetUtcNow().UtcDateTime => OptInStanding.Open,
            _ => OptInStanding.Expired,
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

    private static readonly OptInRequest Nobody = new() { Language = "en", CodeHmac = new byte[32] };
}
