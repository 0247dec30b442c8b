using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Jobs;

namespace Gateway.Features.Mail;

/// <summary>The drain of messages.</summary>
internal sealed class SendMessages(Leases leases) : IDrain
{
    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Message>(ct);

    public Task<int> RunBatchAsync(CancellationToken ct) => Task.FromResult(0);
}
