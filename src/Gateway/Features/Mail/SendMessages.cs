using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>
/// The worker of messages: takes what is due and hands it over in batches, confirmations before everything else and apart from it. One loop
/// is always free for them, so that none waits for the end of a batch of others. What goes over servers of sites has lanes for each site
/// (<see cref="MailLanes"/>): the worker starts them and goes on, so that the slow server of one site holds up nobody else's mails.
/// </summary>
internal sealed class SendMessages(
    Leases leases,
    FreshMails fresh,
    MailBatch batch,
    MailLanes lanes,
    OtherMails others,
    MailTransports transports,
    TimeProvider clock
) : IFreshQueueWorker
{
    /// <summary>Two batches side by side, so that the server is busy with one while the other is recorded; and the free loop.</summary>
    public const int Loops = OtherMails.MaxBatches + 1;

    /// <summary>Mails on their way at the same time, each over a connection of its own.</summary>
    public const int AtOnce = 4;

    public const int Batch = 100;

    /// <summary>
    /// No mail of a batch is begun later than this, so that a slow one delays what came after it no longer; with the transport's time limit
    /// and a minute to spare it is the lease.
    /// </summary>
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(5);

    public async Task<DateTime?> NextDueAsync(CancellationToken ct)
    {
        var confirmation = await leases.NextDueAsync<Message>(ct, lanes.LanesOf(isConfirmation: true), row => row.RequestId != null);
        var other = others.HaveRoom
            ? await leases.NextDueAsync<Message>(ct, lanes.LanesOf(isConfirmation: false), row => row.RequestId == null)
            : null;
        return confirmation is null || other < confirmation ? other : confirmation;
    }

    /// <summary>How long a batch may take at the most, so that nobody else sends what is in it.</summary>
    public static TimeSpan LeaseOf(MailTransports transports) => Shift + transports.TimeLimit + MailBatch.Spare;

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        if (leases.Suspects)
        {
            return await RunAsync(await leases.TakeAsync<Message>(Batch, LeaseOf(transports), ct), ct);
        }

        if (await RunAsync(await TakeAsync(isConfirmation: true, ct), ct) is > 0 and var confirmations)
        {
            return confirmations;
        }

        using var room = others.TryEnter();
        return room is null ? 0 : await RunAsync(await TakeAsync(isConfirmation: false, ct), ct);
    }

    public async Task<int> RunFreshBatchAsync(CancellationToken ct)
    {
        var written = fresh.Take(Batch, site => lanes.IsOpen(site, isConfirmation: true));
        leases.Join(written);
        return await RunAsync(written, ct);
    }

    private Task<List<Message>> TakeAsync(bool isConfirmation, CancellationToken ct) =>
        leases.TakeAsync<Message>(
            Batch,
            LeaseOf(transports),
            ct,
            lanes.LanesOf(isConfirmation),
            only: isConfirmation ? Message.IsConfirmation : Message.IsOther
        );

    private async Task<int> RunAsync(List<Message> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        var mine = leases.Suspects ? rows : await StartLanesAsync(rows, deadline, ct);
        if (mine.Count > 0)
        {
            await batch.RunAsync(mine, AtOnce / OtherMails.MaxBatches, deadline, ct);
        }

        leases.Settled();
        return rows.Count;
    }

    /// <param name="rows">All of them confirmations, or none.</param>
    /// <returns>The rows that go over the installation's transport.</returns>
    private async Task<List<Message>> StartLanesAsync(List<Message> rows, DateTimeOffset deadline, CancellationToken ct)
    {
        List<Message> mine = [];
        List<IGrouping<Guid, Message>> own = [];
        foreach (var ofSite in rows.GroupBy(row => row.SiteId).ToList())
        {
            if (await transports.HasOwnAsync(ofSite.Key, ct))
            {
                own.Add(ofSite);
            }
            else
            {
                mine.AddRange(ofSite);
            }
        }

        if (own.Count == 0)
        {
            return mine;
        }

        // Nothing is waited for in between: from here on each lane answers for its own rows, and the worker for none of them.
        List<Message> late = [];
        leases.GoOn();
        leases.Join(mine);
        foreach (var ofSite in own)
        {
            if (!lanes.TryStart(ofSite.Key, ofSite.First().RequestId is not null, [.. ofSite], deadline))
            {
                late.AddRange(ofSite);
            }
        }

        if (late.Count > 0)
        {
            await leases.ReturnAsync(late);
        }

        return mine;
    }
}

/// <summary>How many batches of other mails than confirmations this process has under way: never so many that no loop is left.</summary>
internal sealed class OtherMails : IDisposable
{
    public const int MaxBatches = 2;

    private readonly SemaphoreSlim _room = new(MaxBatches, MaxBatches);

    public bool HaveRoom => _room.CurrentCount > 0;

    /// <returns>What ends the batch; null where there is no room for one.</returns>
    public IDisposable? TryEnter() => _room.Wait(0, CancellationToken.None) ? new Place(_room) : null;

    public void Dispose() => _room.Dispose();

    private sealed class Place(SemaphoreSlim room) : IDisposable
    {
        public void Dispose() => room.Release();
    }
}
