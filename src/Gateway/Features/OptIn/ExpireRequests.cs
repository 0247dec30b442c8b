using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// The worker of requests whose time is over, or whose mail waits. First the request expires: its link offers a new mail. After the
/// retention time it is forgotten, and with it the person, if nothing else of theirs is here: whoever never confirmed asked for nothing.
/// </summary>
internal sealed class ExpireRequests(
    GatewayDb db,
    Leases leases,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    MessageStore messages,
    IEnumerable<IPersonalData> kept,
    UnansweredSubscriptions unanswered,
    ReleaseHeld release,
    MailSpendingStore spending,
    Breakers breakers,
    TimeProvider clock
) : IQueueWorker
{
    private const int Batch = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>So often it is looked whether the mail of a request has left, whose time would be over otherwise.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromHours(1);

    /// <summary>Unconfirmed people are deleted this long after they signed up.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<OptInRequest>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var due = await leases.TakeAsync<OptInRequest>(Batch, Lease, ct);
        if (due.Count == 0)
        {
            await spending.TidyAsync(ct);
            await breakers.LookAgainAsync(ct);
            return 0;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var held = due.FindAll(request => request.State == OptInState.Held && request.ExpiresAt > now);
        await release.ReleaseAsync(held, ct);
        var waiting = await messages.WaitingOfRequestsAsync(
            [.. due.Where(request => request.State == OptInState.Pending).Select(request => request.MailOf).Distinct()],
            ct
        );
        foreach (var request in due.Except(held))
        {
            await db.WriteAsync(
                () =>
                    waiting.Contains(request.MailOf) ? WaitAsync(request, ct)
                    : request.State is OptInState.Pending or OptInState.Held ? ExpireAsync(request, ct)
                    : ForgetAsync(request, ct),
                ct
            );
        }

        return due.Count;
    }

    /// <summary>
    /// Nobody can answer a mail that has not left, however long the server is down: the time begins when it leaves (<see
    /// cref="RenewRequests"/>).
    /// </summary>
    private Task WaitAsync(OptInRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db
            .OptInRequests.Where(one =>
                one.Id == request.Id && one.Attempts == request.Attempts && one.State == OptInState.Pending && one.ExpiresAt <= now
            )
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, (DateTime?)(now + Look)), ct);
    }

    private async Task ExpireAsync(OptInRequest request, CancellationToken ct)
    {
        // Its page offers a new mail for a while, also when the mail left late; that this worker is late keeps nobody longer.
        var now = clock.GetUtcNow().UtcDateTime;
        var (regular, least) = (request.CreatedAt + Retention, request.ExpiresAt + LinkTokens.ConfirmLifetime);
        var forgetAt = regular > least ? regular : least;
        var after = request.State == OptInState.Held ? OptInState.Refused : OptInState.Expired;
        var expired = await db
            .OptInRequests.Where(one =>
                one.Id == request.Id && one.Attempts == request.Attempts && one.State == request.State && one.ExpiresAt <= now
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, after)
                        .SetProperty(one => one.Visitor, (byte[]?)null)
                        .SetProperty(one => one.Network, (int?)null)
                        .SetProperty(one => one.DueAt, (DateTime?)forgetAt),
                ct
            );
        if (expired > 0)
        {
            await unanswered.EndAsync(request, ct);
        }
    }

    private async Task ForgetAsync(OptInRequest request, CancellationToken ct)
    {
        // What stays is a count for the statistics: which form, which day, and that nobody confirmed.
        var forgotten = await db
            .OptInRequests.Where(one => one.Id == request.Id && one.Attempts == request.Attempts)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.ContactId, Guid.Empty)
                        .SetProperty(one => one.SubscriptionId, Guid.Empty)
                        .SetProperty(one => one.SubmissionId, (Guid?)null)
                        .SetProperty(one => one.Evidence, (string?)null)
                        .SetProperty(one => one.CodeHmac, Array.Empty<byte>())
                        .SetProperty(one => one.Domain, (string?)null)
                        .SetProperty(one => one.Visitor, (byte[]?)null)
                        .SetProperty(one => one.Network, (int?)null)
                        .SetProperty(one => one.DueAt, (DateTime?)null),
                ct
            );
        if (forgotten == 0)
        {
            return;
        }

        foreach (var data in kept)
        {
            await data.RedactAsync(new(request.Id, request.SubmissionId), ct);
        }

        if (
            !await db.OptInRequests.AnyAsync(other => other.SubscriptionId == request.SubscriptionId, ct)
            && await subscriptions.DeleteExpiredAsync(request.SubscriptionId, ct)
        )
        {
            // Links of mails from a time when the person was on the list.
            await db.LinkTokens.Where(token => token.SubscriptionId == request.SubscriptionId).ExecuteDeleteAsync(ct);
        }

        await contacts.DeleteWithoutSubscriptionAsync(request.ContactId, ct);
    }
}
