using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Mails to the person: those about lists, and transactional ones to the address.</summary>
internal sealed class MailPersonalData(GatewayDb db) : IPersonalData
{
    public string Kind => "messages";

    public Task<int> EraseAsync(DataSubject person, CancellationToken ct) =>
        db
            .Messages.Where(message =>
                message.ContactId == person.ContactId || (message.SiteId == person.SiteId && message.Address == person.AddressKey)
            )
            .ExecuteDeleteAsync(ct);

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        db.Messages.Where(message => message.RequestId == signUp.RequestId).ExecuteDeleteAsync(ct);
}
