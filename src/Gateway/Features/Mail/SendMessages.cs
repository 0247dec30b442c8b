using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>The worker of messages: takes what is due and hands it over in batches.</summary>
internal sealed class SendMessages(
    Leases leases,
    FreshMails fresh,
    MailBatch batch,
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

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Message>(ct);

    /// <summary>How long a batch may take at the most, so that nobody else sends what is in it.</summary>
    public static TimeSpan LeaseOf(MailTransports transports) => Shift + transports.TimeLimit + MailBatch.Spare;

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<Message>(Batch, LeaseOf(transports), ct, first: Message.IsConfirmation);
        if (!leases.Suspects)
        {
            var written = fresh.Take(Batch);
            leases.Join(written);
            rows.AddRange(written);
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        await batch.RunAsync(rows, AtOnce / Loops, deadline, ct);
        leases.Settled();
        return rows.Count;
    }
}
