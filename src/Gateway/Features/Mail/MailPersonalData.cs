using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Mails to the person: those about lists, and transactional ones to the address. What was told of them goes with them.</summary>
internal sealed class MailPersonalData(GatewayDb db) : IPersonalData
{
    public string Kind => "messages";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        // What a source of the whole installation said of an address belongs to no site.
        await db
            .MailEvents.Where(row => (row.SiteId == person.SiteId || row.SiteId == Guid.Empty) && row.Address == person.AddressKey)
            .ExecuteDeleteAsync(ct);
        return await DeleteAsync(
            db.Messages.Where(message =>
                message.ContactId == person.ContactId || (message.SiteId == person.SiteId && message.Address == person.AddressKey)
            ),
            ct
        );
    }

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        DeleteAsync(db.Messages.Where(message => message.RequestId == signUp.RequestId), ct);

    private async Task<int> DeleteAsync(IQueryable<Message> messages, CancellationToken ct)
    {
        await db.MailEvents.Where(row => messages.Any(message => message.Id == row.MessageId)).ExecuteDeleteAsync(ct);
        return await messages.ExecuteDeleteAsync(ct);
    }
}
