using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Takes back a transactional mail that nobody has begun to send.</summary>
internal sealed class WithdrawMessage(GatewayDb db)
{
    /// <returns>False when it is none, was sent already, or is being sent. Inside the caller's transaction.</returns>
    public async Task<bool> WithdrawAsync(Guid siteId, Guid messageId, CancellationToken ct) =>
        // A message that was leased may be on its way at this moment, so only one that never was can be taken back.
        await db
            .Messages.Where(message =>
                message.Id == messageId
                && message.SiteId == siteId
                && message.Address != null
                && message.State == MessageState.Queued
                && message.Attempts == 0
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(message => message.State, MessageState.Cancelled)
                        .SetProperty(message => message.Variables, (string?)null)
                        .SetProperty(message => message.DueAt, (DateTime?)null),
                ct
            ) > 0;

    /// <summary>Whether it could be taken back as it stands.</summary>
    public static bool IsPossible(Message message) => message is { Address: not null, State: MessageState.Queued, Attempts: 0 };
}
