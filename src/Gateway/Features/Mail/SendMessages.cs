using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>
/// The worker of messages: takes what is due and hands it over in batches. What goes over servers of sites has a lane for each site
/// (<see cref="MailLanes"/>): the worker starts it and goes on, so that the slow server of one site holds up nobody else's mails.
/// </summary>
internal sealed class SendMessages(
    Leases leases,
    FreshMails fresh,
    MailBatch batch,
    MailLanes lanes,
    MailTransports transports,
    TimeProvider clock
) : IQueueWorker
{
    /// <summary>Two batches side by side: while one is read or recorded, the server is busy with the other.</summary>
    public const int Loops = 2;

    /// <summary>Mails on their way at the same time, each over a connection of its own.</summary>
    public const int AtOnce = 4;

    public const int Batch = 100;

    /// <summary>
    /// No mail of a batch is begun later than this, so that a slow one delays what came after it no longer; with the transport's time limit
    /// and a minute to spare it is the lease.
    /// </summary>
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(5);

    public async Task<DateTime?> NextDueAsync(CancellationToken ct) => await leases.NextDueAsync<Message>(ct, lanes.Lanes);

    /// <summary>How long a batch may take at the most, so that nobody else sends what is in it.</summary>
    public static TimeSpan LeaseOf(MailTransports transports) => Shift + transports.TimeLimit + MailBatch.Spare;

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<Message>(Batch, LeaseOf(transports), ct, lanes.Lanes, first: Message.IsConfirmation);
        if (!leases.Suspects)
        {
            var written = fresh.Take(Batch, lanes.IsOpen);
            leases.Join(written);
            rows.AddRange(written);
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        var mine = leases.Suspects ? rows : await StartLanesAsync(rows, deadline, ct);
        if (mine.Count > 0)
        {
            await batch.RunAsync(mine, AtOnce / Loops, deadline, ct);
        }

        leases.Settled();
        return rows.Count;
    }

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
            if (!lanes.TryStart(ofSite.Key, [.. ofSite], deadline))
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
