using Gateway.Features.Mail;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Data;

/// <summary>Many rows by few statements, each with values of its own, and none that is somebody else's by now.</summary>
[Trait("Database", "both")]
public sealed class BulkUpdateTests
{
    private static readonly string[] Set =
    [
        nameof(Message.Answer),
        nameof(Message.SentAt),
        nameof(Message.Failures),
        nameof(Message.State),
    ];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task More_rows_than_fit_one_statement_are_all_stored_with_their_own_values()
    {
        var rows = await WithMessagesAsync(150);
        var now = new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc);
        for (var at = 0; at < rows.Count; at++)
        {
            (rows[at].Answer, rows[at].SentAt, rows[at].Failures) = (
                at % 2 == 0 ? null : $"250 {at}",
                at % 3 == 0 ? null : now.AddSeconds(at),
                at
            );
            rows[at].State = at % 5 == 0 ? MessageState.Unknown : MessageState.Cancelled;
        }

        var updated = await UpdateAsync(rows, "due_at is null");

        Assert.Equal(rows.Select(row => row.Id).ToHashSet(), updated);
        Assert.Equal(rows.Select(Stored), (await ReadAsync(rows[0].SiteId)).Select(Stored));
    }

    [Fact]
    public async Task A_row_that_was_leased_again_or_is_not_as_it_must_be_stays_as_it_is()
    {
        var rows = await WithMessagesAsync(3);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.Id == rows[1].Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Attempts, 1), CancellationToken.None),
                CancellationToken.None
            )
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.Id == rows[2].Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Template, "other"), CancellationToken.None),
                CancellationToken.None
            )
        );
        rows.ForEach(row => row.Answer = "mine");

        var updated = await UpdateAsync(rows, "template = 'none' or template = 'welcome'");

        Assert.Equal([rows[0].Id], updated);
        Assert.Equal(["mine", null, null], (await ReadAsync(rows[0].SiteId)).Select(row => row.Answer));
    }

    /// <summary>Settled from the start, so that no worker takes them.</summary>
    private async Task<List<Message>> WithMessagesAsync(int count)
    {
        var site = Guid.CreateVersion7();
        var now = gateway.Clock.GetUtcNow();
        var rows = Enumerable
            .Range(0, count)
            .Select(number => new Message
            {
                Id = Guid.CreateVersion7(now.AddMilliseconds(number)),
                SiteId = site,
                Key = $"{number}",
                Template = "none",
                Language = "en",
                MessageId = $"{number}",
                State = MessageState.Sent,
                CreatedAt = now.UtcDateTime,
            })
            .ToList();
        await gateway.InDatabaseAsync(db => db.WriteAsync(() => db.InsertNewAsync(rows, CancellationToken.None), CancellationToken.None));
        return rows;
    }

    private Task<HashSet<Guid>> UpdateAsync(List<Message> rows, string where) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.UpdateLeasedAsync(rows, Set, where, CancellationToken.None), CancellationToken.None)
        );

    private Task<List<Message>> ReadAsync(Guid site) =>
        gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().Where(row => row.SiteId == site).OrderBy(row => row.Id).ToListAsync());

    private static (Guid, string?, DateTime?, int, MessageState) Stored(Message row) =>
        (row.Id, row.Answer, row.SentAt, row.Failures, row.State);
}
