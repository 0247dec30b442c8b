using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// The person and their subscriptions; of the ledger the personal values, so that its chain still verifies. What they refused stays as
/// keyed hashes (<see cref="Suppression"/>): an erasure is no consent.
/// </summary>
internal sealed class ContactPersonalData(GatewayDb db, ConsentLedger ledger) : IPersonalData
{
    public string Kind => "contacts";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        // First of all: whoever asks or removes the person holds these rows, and what they wrote is there then.
        await db.Subscriptions.Where(one => one.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
        await db.SoftBounceRuns.Where(one => one.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
        await db.Repermissions.Where(one => one.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
        if (await db.Contacts.Where(one => one.Id == person.ContactId).ExecuteDeleteAsync(ct) == 0)
        {
            return 0;
        }

        await ledger.EraseAsync(person.SiteId, person.ContactId, ct);
        await ledger.AppendAsync(
            person.SiteId,
            new(ConsentKind.Erased, person.ContactId, Guid.Empty, new Dictionary<string, string?>(), new Dictionary<string, string?>()),
            ct
        );
        return 1;
    }

    /// <summary>
    /// A person of whom nothing else is here asked for nothing; the one who signed them up tells which (<c>ExpireRequests</c>).
    /// </summary>
    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;
}
