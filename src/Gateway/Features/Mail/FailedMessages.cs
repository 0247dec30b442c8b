using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>The queue of mails, and those that were refused or given up.</summary>
internal sealed class FailedMessages(
    GatewayDb db,
    MailSources sources,
    ContactStore contacts,
    ListStore lists,
    Signal<SendMessages> mail,
    TimeProvider clock
)
    : FailableQueueTable<Message>(
        db,
        clock,
        MailConnections.Queue,
        PublicId.Message,
        row => row.State == MessageState.Failed || (row.State == MessageState.Unknown && row.DueAt == null)
    )
{
    /// <summary>It was not sent, since mail to the address came back before or was complained about.</summary>
    private const string Suppressed = "suppressed";

    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        if (
            await Rows.SingleOrDefaultAsync(row => row.Id == id, ct) is { } message
            && await sources.FindMootAsync(message, ct) is { } moot
        )
        {
            return moot.Reason;
        }

        Db.OnCommitted(mail.Wake);
        return Unless(
            await Db
                .Messages.Where(row =>
                    row.Id == id && (row.State == MessageState.Failed || (row.State == MessageState.Unknown && row.DueAt == null))
                )
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, MessageState.Queued)
                            .SetProperty(row => row.Failures, 0)
                            .SetProperty(row => row.CountedAs, (string?)null)
                            .SetProperty(row => row.Way, (string?)null)
                            .SetProperty(row => row.DueAt, Now),
                    ct
                )
        );
    }

    public override Task SetAsideAsync(IQueryable<Message> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, MessageState.Failed)
                    .SetProperty(row => row.Answer, ISetAside<Message>.Reason)
                    .SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    public override async Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Rows.Where(row => ids.Contains(row.Id))
            .Select(row => new
            {
                row.Id,
                row.ContactId,
                row.Address,
            })
            .ToListAsync(ct);
        var people = await contacts.GetManyAsync([.. rows.Select(row => row.ContactId).OfType<Guid>().Distinct()], ct);
        return FailedItem.WhomOf(
            rows.Select(row => (row.Id, row.Address ?? people.GetValueOrDefault(row.ContactId ?? Guid.Empty)?.Address))
        );
    }

    protected override async Task<IReadOnlyDictionary<string, string>?> DetailsAsync(Guid id, CancellationToken ct)
    {
        var message = await Rows.SingleAsync(row => row.Id == id, ct);
        var contact = await contacts.FindAsync(message.SiteId, message.ContactId, ct);
        var list = await lists.FindAsync(message.ListId, ct);
        return FailedItem.DetailsOf(
            (FailedItem.Recipient, message.Address ?? contact?.Address),
            (FailedItem.List, list?.Name),
            (FailedItem.Template, message.Template),
            (FailedItem.Meaning, MailAnswers.MeaningOf(message.Answer))
        );
    }

    /// <summary>What an operator is told goes the way of a site, and is no mail of it.</summary>
    protected override IQueryable<Message> OfSites(IQueryable<Message> rows) =>
        rows.Where(row => row.ContactId != null || row.ContentHash != null || row.TestOf != null);

    protected override IQueryable<FailedFact> Facts(IQueryable<Message> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code =
                row.Losses >= Leases.SetAsideLosses ? ISetAside<Message>.Code
                : row.State == MessageState.Unknown ? "mail_unknown"
                : row.Answer == SkipReason.Bounced.Reason || row.Answer == SkipReason.Complained.Reason ? Suppressed
                // What failed and is counted was refused as nobody's address.
                : row.CountedAs != null ? "mail_bounced"
                : "mail_failed",
            Reason = row.Answer,
            Since = row.CreatedAt,
            IsOfSite = row.ContactId != null || row.ContentHash != null || row.TestOf != null,
            HasStory = row.ContactId != null || row.ContentHash != null,
        });
}
