using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// How that stands what a confirmation mail asks for, as the person who holds its link may see it. Looking changes nothing.
/// </summary>
internal sealed class OptInStandings(
    GatewayDb db,
    SubscriptionStore subscriptions,
    SiteStore sites,
    PurposeStore purposes,
    TimeProvider clock
)
{
    /// <summary>Of the lists of one mail, which standing is told first.</summary>
    private static readonly OptInStanding[] MostToDo =
    [
        OptInStanding.Open,
        OptInStanding.Expired,
        OptInStanding.AlreadyConfirmed,
        OptInStanding.Unsubscribed,
        OptInStanding.NotSubscribed,
        OptInStanding.Restored,
        OptInStanding.Cancelled,
    ];

    /// <summary>What the holder of a link sees.</summary>
    public Task<OptInPageModel> LookAsync(string token, CancellationToken ct) => ViewAsync(RequestOf(token), ct);

    /// <inheritdoc cref="LookAsync(string, CancellationToken)"/>
    /// <param name="requestId">The request whose mail it is.</param>
    public Task<OptInPageModel> LookAsync(Guid requestId, CancellationToken ct) =>
        ViewAsync(db.OptInRequests.Where(one => one.Id == requestId), ct);

    /// <inheritdoc cref="StandingsAsync"/>
    public Task<List<(OptInRequest Request, SubscriptionOfContact Joined)>> OfAsync(string token, CancellationToken ct) =>
        StandingsAsync(RequestOf(token), ct);

    /// <summary>Whoever holds the link owns the mailbox, so they may know when the next mail is possible.</summary>
    public async Task<OptInPageModel> WithNextAsync(List<Guid> subscriptionIds, OptInPageModel model, CancellationToken ct)
    {
        var known = await subscriptions.GetManyAsync(subscriptionIds, ct);
        var heldUntil = await db
            .OptInRequests.Where(one => subscriptionIds.Contains(one.SubscriptionId) && one.State == OptInState.Held)
            .MaxAsync(one => one.DueAt, ct);
        var nextAt = known.Values.Select(one => MailBudget.NextAt(one.Subscription)).Append(DateTime.MinValue).Max();
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

    /// <returns>All that one mail asks for, in the order of the form.</returns>
    /// <param name="requestId">The request whose mail it is.</param>
    public Task<List<OptInRequest>> SameMailAsync(Guid requestId, CancellationToken ct) =>
        db
            .OptInRequests.AsNoTracking()
            .Where(one => one.Id == requestId || one.LeadId == requestId)
            .OrderBy(one => one.Id)
            .ToListAsync(ct);

    /// <returns>All that the mail of a request asks for, with what has become of it.</returns>
    private async Task<List<(OptInRequest Request, SubscriptionOfContact Joined)>> StandingsAsync(
        IQueryable<OptInRequest> which,
        CancellationToken ct
    )
    {
        var requestId = await which.Select(one => (Guid?)one.Id).SingleOrDefaultAsync(ct);
        var requests = requestId is { } id ? await SameMailAsync(id, ct) : [];
        var known = await subscriptions.GetManyAsync(requests.ConvertAll(one => one.SubscriptionId), ct);
        return [.. requests.Where(one => known.ContainsKey(one.SubscriptionId)).Select(one => (one, known[one.SubscriptionId]))];
    }

    /// <summary>The standing that leaves the person the most to do, and the lists that are in it.</summary>
    private async Task<OptInPageModel> ViewAsync(IQueryable<OptInRequest> which, CancellationToken ct)
    {
        var all = await StandingsAsync(which, ct);
        if (all.Count == 0)
        {
            return new(OptInStanding.Unknown);
        }

        var standing = all.Select(Standing).MinBy(one => Array.IndexOf(MostToDo, one));
        var told = all.FindAll(one => Standing(one) == standing);
        var request = told[0].Request;
        var (site, asked) = (await sites.GetAsync(request.SiteId, ct), told.ConvertAll(one => one.Joined.List));
        var model = new OptInPageModel(standing, site, asked, request.Language)
        {
            PurposeWords =
                standing == OptInStanding.Open ? await purposes.WordsAsync(site.Id, asked, request.Language, site.Language, ct) : null,
            MayRestore = told.Exists(one =>
                one.Request.State == OptInState.Cancelled && one.Joined.Subscription.State == SubscriptionState.Cancelled
            ),
        };
        return standing == OptInStanding.Expired
            ? await WithNextAsync(told.ConvertAll(one => one.Request.SubscriptionId), model, ct)
            : model;
    }

    public OptInStanding Standing((OptInRequest Request, SubscriptionOfContact Joined) one) =>
        Standing(one.Request, one.Joined.Subscription);

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
}
