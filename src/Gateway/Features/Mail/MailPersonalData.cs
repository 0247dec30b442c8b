using Gateway.Features.Connections;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Mails to the person: those about lists, and transactional ones to the address. What was told of them goes with them.</summary>
internal sealed class MailPersonalData(GatewayDb db, ConnectionStore connections, ConnectionProviders providers) : IPersonalData
{
    /// <summary>More than a site has.</summary>
    private const int MaxConnections = 200;

    public string Kind => "messages";

    /// <summary>Words are not kept once a mail was handed over. Whoever carries the site's mails was given the address.</summary>
    public async Task<KeptData> ReadAsync(DataSubject person, CancellationToken ct)
    {
        var rows = await db
            .Messages.AsNoTracking()
            .Where(row =>
                row.SiteId == person.SiteId
                && (row.ContactId == person.ContactId || (row.Address == person.AddressKey && row.ContentHash != null))
            )
            .OrderByDescending(row => row.Id)
            .Take(KeptData.Most)
            .ToListAsync(ct);
        var carriers = (await connections.PageAsync(person.SiteId, after: null, MaxConnections, ct))
            .Where(one => one.Kind == ConnectionKind.Mail)
            .Select(one => providers.Find(one.Kind, one.Provider).IsRefused(out _, out var known) ? one.Provider : known.Title);
        return new(
            [
                .. rows.Select(row => new KeptRecord(
                    row.CreatedAt,
                    row.Template,
                    new Dictionary<string, string> { ["state"] = CaseConverter.Lower(row.State.ToString()), ["language"] = row.Language }
                )),
            ],
            rows.Count == 0 ? [] : [.. carriers.Distinct()]
        );
    }

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
