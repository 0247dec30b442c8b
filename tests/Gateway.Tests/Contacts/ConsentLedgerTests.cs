using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>Invariant 13: the ledger only grows, and its chain verifies; whoever changes, removes or swaps an entry is found out.</summary>
[Trait("Database", "both")]
public sealed class ConsentLedgerTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task An_untouched_ledger_verifies()
    {
        var site = await WithEntriesAsync(3);

        Assert.Equal((3L, null), await VerifyAsync(site));
    }

    [Fact]
    public async Task A_changed_entry_is_found()
    {
        var site = await WithEntriesAsync(3);

        await ChangeAsync(
            site,
            2,
            entry =>
                entry.Entry = System.Text.Encoding.UTF8.GetBytes(
                    System.Text.Encoding.UTF8.GetString(entry.Entry).Replace("person-2", "person-X", StringComparison.Ordinal)
                )
        );

        Assert.Equal(2, (await VerifyAsync(site)).FirstBad);
    }

    [Fact]
    public async Task A_changed_personal_value_is_found()
    {
        var site = await WithEntriesAsync(2);

        await ChangeAsync(
            site,
            1,
            entry => entry.Personal = entry.Personal!.Replace("1@example.org", "9@example.org", StringComparison.Ordinal)
        );

        Assert.Equal(1, (await VerifyAsync(site)).FirstBad);
    }

    [Fact]
    public async Task A_changed_column_beside_the_entry_is_found()
    {
        var site = await WithEntriesAsync(2);

        await ChangeAsync(site, 2, entry => entry.ContactId = Guid.CreateVersion7());

        Assert.Equal(2, (await VerifyAsync(site)).FirstBad);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_missing_entry_is_found_even_the_last(int sequence)
    {
        var site = await WithEntriesAsync(3);

        await gateway.InDatabaseAsync(db =>
            db.Consents.Where(entry => entry.SiteId == site.Id && entry.Sequence == sequence).ExecuteDeleteAsync()
        );

        Assert.Equal(sequence, (await VerifyAsync(site)).FirstBad);
    }

    [Fact]
    public async Task Swapped_entries_are_found()
    {
        var site = await WithEntriesAsync(3);

        await gateway.InDatabaseAsync(async db =>
        {
            foreach (var (from, to) in new[] { (1, 99), (2, 1), (99, 2) })
            {
                await db
                    .Consents.Where(entry => entry.SiteId == site.Id && entry.Sequence == from)
                    .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Sequence, to));
            }

            return true;
        });

        Assert.Equal(1, (await VerifyAsync(site)).FirstBad);
    }

    [Fact]
    public async Task Twenty_writers_at_once_make_one_chain()
    {
        var site = await gateway.NewSiteAsync();

        await Task.WhenAll(Enumerable.Range(1, 20).Select(number => AppendAsync(site, number)));

        Assert.Equal((20L, null), await VerifyAsync(site));
    }

    [Fact]
    public async Task A_ledger_that_is_being_written_is_no_broken_one()
    {
        var site = await WithEntriesAsync(1);

        var writing = Task.WhenAll(Enumerable.Range(2, 19).Select(number => AppendAsync(site, number)));
        var answers = new List<long?>();
        do
        {
            answers.Add((await VerifyAsync(site)).FirstBad);
        } while (!writing.IsCompleted);

        await writing;
        Assert.All(answers, Assert.Null);
        Assert.Equal((20L, null), await VerifyAsync(site));
    }

    [Fact]
    public async Task Erasing_a_person_keeps_the_chain_and_removes_the_person()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProcessedAsync((await site.SubmitAsync(email: "erase-me@example.org", name: "Erase Me")).Id);
        var contact = await gateway.InDatabaseAsync(db => db.Contacts.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
        var request = await gateway.InDatabaseAsync(db => db.OptInRequests.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
        Assert.NotNull(
            await gateway.InTransactionAsync<ConfirmSubscription, OptInPageModel?>(confirm =>
                confirm.ConfirmAsync(request.Id, "button", new("203.0.113.9", "Test"), CancellationToken.None)
            )
        );
        var id = Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Contact, contact.Id);
        var before = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}/consents", scope: "contacts");
        Assert.Contains("erase-me@example.org", before.Text, StringComparison.Ordinal);

        var erased = await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{id}", scope: "contacts");

        Assert.Equal(System.Net.HttpStatusCode.OK, erased.Status);
        Assert.Equal(1, (int)erased.Json["erased"]!["submissions"]!);
        var after = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}/consents", scope: "contacts");
        Assert.DoesNotContain("erase-me", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Erase Me", after.Text, StringComparison.Ordinal);
        Assert.Equal(["confirmed", "erased"], after.Json["entries"]!.AsArray().Select(entry => (string)entry!["kind"]!));
        Assert.Null((await VerifyAsync(site)).FirstBad);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)));
        Assert.Equal(
            "{}",
            System.Text.Encoding.UTF8.GetString(
                await gateway.InDatabaseAsync(db =>
                    db.Submissions.Where(row => row.SiteId == site.Id).Select(row => row.Body).SingleAsync()
                )
            )
        );
    }

    [Fact]
    public async Task Another_site_cannot_read_or_erase_a_contact()
    {
        var mine = await WithEntriesAsync(1);
        var other = await gateway.NewSiteAsync();
        var contact = await gateway.InDatabaseAsync(db =>
            db.Consents.Where(entry => entry.SiteId == mine.Id).Select(entry => entry.ContactId).SingleAsync()
        );
        var id = Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Contact, contact);

        Assert.Equal(
            System.Net.HttpStatusCode.NotFound,
            (await other.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}/consents")).Status
        );
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{id}")).Status);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await mine.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}/consents")).Status);
    }

    private async Task<SiteUnderTest> WithEntriesAsync(int count)
    {
        var site = await gateway.NewSiteAsync();
        for (var number = 1; number <= count; number++)
        {
            await AppendAsync(site, number);
        }

        return site;
    }

    private Task<bool> AppendAsync(SiteUnderTest site, int number) =>
        gateway.InTransactionAsync<ConsentLedger, bool>(async ledger =>
        {
            await ledger.AppendAsync(
                site.Id,
                new(
                    ConsentKind.Confirmed,
                    Guid.CreateVersion7(),
                    site.List.Id,
                    new Dictionary<string, string?> { ["consentText"] = $"Yes, person-{number}." },
                    new Dictionary<string, string?> { ["address"] = $"{number}@example.org" }
                ),
                CancellationToken.None
            );
            return true;
        });

    private async Task<(long Entries, long? FirstBad)> VerifyAsync(SiteUnderTest site)
    {
        var report = await gateway.InScopeAsync<VerifyLedger, LedgerReport>(verify =>
            verify.VerifyAsync(site.Id, written: null, CancellationToken.None)
        );
        return (report.Entries, report.At);
    }

    private Task ChangeAsync(SiteUnderTest site, int sequence, Action<Consent> change) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    var entry = await db.Consents.SingleAsync(one => one.SiteId == site.Id && one.Sequence == sequence);
                    change(entry);
                    return await db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
}
