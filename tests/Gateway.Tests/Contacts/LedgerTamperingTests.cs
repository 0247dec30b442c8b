using System.Text;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>
/// Somebody writes to the database and does not have the master key. <c>consents verify</c> says what they did, each in a sentence of its
/// own.
/// </summary>
public sealed class LedgerTamperingTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_whole_ledger_tells_its_head_so_that_it_can_be_written_down()
    {
        var site = await WithEntriesAsync(2);
        var last = (await site.LedgerAsync())[^1];

        var (code, json, text) = await VerifyAsync(site);

        Assert.Equal((0, "True"), (code, json.GetProperty("ok").ToString()));
        var head = json.GetProperty("heads")[0];
        Assert.Equal(
            (site.PublicId, 2, Convert.ToHexStringLower(last.Hash)),
            (head.GetProperty("site").GetString(), head.GetProperty("sequence").GetInt32(), head.GetProperty("hash").GetString())
        );
        Assert.Contains($"{site.PublicId}: head 2:{Convert.ToHexStringLower(last.Hash)}", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task The_last_entries_deleted_and_the_head_set_to_fit()
    {
        var site = await WithEntriesAsync(3);
        await CutOffAsync(site, 2);

        Assert.Equal("head_changed", await ErrorAsync(site, "may have been cut off"));
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_not_made_good_by_the_next_entry()
    {
        var site = await WithEntriesAsync(3);
        await CutOffAsync(site, 2);

        await site.ProveAsync(NewAddress());
        await site.ProveAsync(NewAddress());

        Assert.Equal("head_changed", await ErrorAsync(site, "may have been cut off"));
    }

    [Fact]
    public async Task The_seal_of_another_sites_head_does_not_fit()
    {
        var (site, other) = (await WithEntriesAsync(3), await WithEntriesAsync(2));
        await CutOffAsync(site, 2);
        await gateway.InDatabaseAsync(async db =>
        {
            var seal = await db.LedgerHeads.Where(head => head.SiteId == other.Id).Select(head => head.Seal).SingleAsync();
            return await db
                .LedgerHeads.Where(head => head.SiteId == site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(head => head.Seal, seal));
        });

        Assert.Equal("head_changed", await ErrorAsync(site, "may have been cut off"));
    }

    [Fact]
    public async Task All_entries_deleted_together_with_the_head()
    {
        var site = await WithEntriesAsync(2);
        await gateway.InDatabaseAsync(db => db.Consents.Where(row => row.SiteId == site.Id).ExecuteDeleteAsync());
        await gateway.InDatabaseAsync(db => db.LedgerHeads.Where(row => row.SiteId == site.Id).ExecuteDeleteAsync());

        Assert.Equal("head_missing", await ErrorAsync(site, "head was deleted"));
    }

    [Fact]
    public async Task The_head_deleted_and_the_entries_left()
    {
        var site = await WithEntriesAsync(2);
        await gateway.InDatabaseAsync(db => db.LedgerHeads.Where(row => row.SiteId == site.Id).ExecuteDeleteAsync());

        Assert.Equal("head_missing", await ErrorAsync(site, "head was deleted"));
    }

    [Fact]
    public async Task An_entry_deleted_in_the_middle_and_at_the_end()
    {
        var (middle, end) = (await WithEntriesAsync(3), await WithEntriesAsync(3));
        await gateway.InDatabaseAsync(db => db.Consents.Where(row => row.SiteId == middle.Id && row.Sequence == 2).ExecuteDeleteAsync());
        await gateway.InDatabaseAsync(db => db.Consents.Where(row => row.SiteId == end.Id && row.Sequence == 3).ExecuteDeleteAsync());

        Assert.Equal("entry_missing", await ErrorAsync(middle, "Entry 2 is missing"));
        Assert.Equal("end_missing", await ErrorAsync(end, "the last is 2, the head says 3"));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task The_date_beside_an_entry_changed()
    {
        var site = await WithEntriesAsync(2);
        await ChangeAsync(site, 2, entry => entry.OccurredAt = entry.OccurredAt.AddYears(-1));

        Assert.Equal("column_changed", await ErrorAsync(site, "Beside entry 2"));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task The_bytes_of_an_entry_changed()
    {
        var site = await WithEntriesAsync(2);
        await ChangeAsync(
            site,
            1,
            entry => entry.Entry = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entry.Entry).Replace("newsletter", "catalogue"))
        );

        Assert.Equal("entry_changed", await ErrorAsync(site, "Entry 1 was changed"));
    }

    [Theory]
    [InlineData("""{"name":""", "personal_changed", "personal value of entry 1 is not")]
    [InlineData("null", "personal_changed", "personal value of entry 1 is not")]
    [InlineData("""{"address":null}""", "personal_changed", "personal value of entry 1 is not")]
    [InlineData("""{"address":{"value":"other@example.org","salt":"x"}}""", "personal_changed", "personal value of entry 1 is not")]
    [InlineData("{}", "personal_removed", "no later entry says that the person was erased")]
    [InlineData(null, "personal_removed", "no later entry says that the person was erased")]
    public async Task Personal_values_changed_or_taken_out(string? personal, string error, string sentence)
    {
        var site = await WithEntriesAsync(2);
        await ChangeAsync(site, 1, entry => entry.Personal = personal);

        Assert.Equal(error, await ErrorAsync(site, sentence));
    }

    [Fact]
    public async Task The_address_alone_taken_out_of_the_personal_values()
    {
        var site = await WithEntriesAsync(1);
        await ChangeAsync(
            site,
            1,
            entry =>
            {
                var values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(entry.Personal!)!;
                Assert.True(values.Remove("address"));
                entry.Personal = JsonSerializer.Serialize(values);
            }
        );

        Assert.Equal("personal_removed", await ErrorAsync(site, "A personal value of entry 1 was removed"));
    }

    [Fact]
    public async Task Values_of_one_person_are_not_excused_by_the_erasure_of_another()
    {
        var site = await WithEntriesAsync(2);
        var contacts = (await site.LedgerAsync()).ConvertAll(entry => entry.ContactId);
        var erased = await site.AuthorizedAsync(
            HttpMethod.Delete,
            $"/v1/contacts/{Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Contact, contacts[0])}",
            scope: "contacts"
        );
        Assert.Equal(System.Net.HttpStatusCode.OK, erased.Status);
        await site.VerifyLedgerAsync();

        await ChangeAsync(site, 2, entry => entry.Personal = null);

        Assert.Equal("personal_removed", await ErrorAsync(site, "A personal value of entry 2 was removed"));
    }

    [Fact]
    public async Task A_ledger_copied_from_another_site_is_none_of_this_one()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await WithEntriesAsync(1));
        await gateway.InDatabaseAsync(db =>
            db.Consents.Where(row => row.SiteId == other.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SiteId, site.Id))
        );

        Assert.Equal("column_changed", await ErrorAsync(site, "another site"));
    }

    [Fact]
    public async Task A_head_that_was_written_down_finds_an_old_backup_put_back()
    {
        var site = await WithEntriesAsync(2);
        var backup = await gateway.InDatabaseAsync(db => db.LedgerHeads.AsNoTracking().SingleAsync(head => head.SiteId == site.Id));
        await site.ProveAsync(NewAddress());
        var written = HeadOf((await VerifyAsync(site)).Json);
        var early = $"2:{Convert.ToHexStringLower(backup.Hash)}";
        Assert.Equal(0, (await VerifyAsync(site, "--head", written)).Code);
        Assert.Equal(0, (await VerifyAsync(site, "--head", early)).Code);

        await gateway.InDatabaseAsync(db => db.Consents.Where(row => row.SiteId == site.Id && row.Sequence > 2).ExecuteDeleteAsync());
        await gateway.InDatabaseAsync(db =>
            db.LedgerHeads.Where(head => head.SiteId == site.Id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(head => head.Sequence, backup.Sequence)
                        .SetProperty(head => head.Hash, backup.Hash)
                        .SetProperty(head => head.Seal, backup.Seal)
                )
        );

        Assert.Equal(0, (await VerifyAsync(site)).Code);
        var cut = await VerifyAsync(site, "--head", written);
        await site.ProveAsync(NewAddress());
        var replaced = await VerifyAsync(site, "--head", written);

        Assert.All([cut, replaced], answer => Assert.Equal(2, answer.Code));
        Assert.Equal("written_head_missing", cut.Json.GetProperty("firstBad").GetProperty("error").GetString());
        Assert.Contains("does not contain the head that was written down: entries from 3", replaced.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await VerifyAsync(site, "--head", early)).Code);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("x:00")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_head_that_is_none_is_refused_with_a_sentence(string head)
    {
        var site = await WithEntriesAsync(1);

        var result = await RunAsync("consents", "verify", site.PublicId, "--head", head);

        Assert.NotEqual(0, result.Code);
        Assert.Contains("SEQUENCE:HASH", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_printed_record_takes_nothing_from_beside_the_entry()
    {
        var site = await gateway.NewSiteAsync();
        var email = NewAddress();
        var id = (await site.ProveAsync(email)).Id;
        await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });
        var whole = await PrintAsync(site, id);
        await ChangeAsync(
            site,
            1,
            entry =>
            {
                entry.OccurredAt = entry.OccurredAt.AddYears(-3);
                entry.Kind = ConsentKind.Confirmed;
                entry.Personal = entry.Personal!.Replace(email, "forged@example.org", StringComparison.Ordinal);
            }
        );
        await gateway.InDatabaseAsync(db =>
            db.Lists.Where(list => list.SiteId == site.Id).ExecuteUpdateAsync(set => set.SetProperty(list => list.Name, "Forged"))
        );
        await gateway.InDatabaseAsync(db =>
            db.Set<Features.Sites.Site>()
                .Where(one => one.Id == site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Name, "Forged"))
        );

        var printed = await PrintAsync(site, id);

        Assert.Contains(email, whole, StringComparison.Ordinal);
        Assert.DoesNotContain("orged", printed, StringComparison.Ordinal);
        Assert.Equal(Whens(whole), Whens(printed));
        Assert.Equal(2, Whens(printed).Count);
        Assert.Contains("Unsubscribed from", printed, StringComparison.Ordinal);
        Assert.Contains(site.List.Name, printed, StringComparison.Ordinal);
    }

    /// <summary>The dates that a record prints.</summary>
    private static List<string> Whens(string page) =>
        [.. System.Text.RegularExpressions.Regex.Matches(page, @"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC").Select(match => match.Value)];

    private static string NewAddress() => $"{Guid.CreateVersion7():N}@ledger.example";

    private async Task<SiteUnderTest> WithEntriesAsync(int count)
    {
        var site = await gateway.NewSiteAsync();
        for (var number = 0; number < count; number++)
        {
            await site.ProveAsync(NewAddress());
        }

        return site;
    }

    /// <summary>Deletes the entries after one, and writes into the head what stands in clear in the entry that is now the last.</summary>
    private Task<bool> CutOffAsync(SiteUnderTest site, int after) =>
        gateway.InDatabaseAsync(async db =>
        {
            await db.Consents.Where(row => row.SiteId == site.Id && row.Sequence > after).ExecuteDeleteAsync();
            var hash = await db
                .Consents.Where(row => row.SiteId == site.Id && row.Sequence == after)
                .Select(row => row.Hash)
                .SingleAsync();
            await db
                .LedgerHeads.Where(head => head.SiteId == site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(head => head.Sequence, after).SetProperty(head => head.Hash, hash));
            return true;
        });

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

    private static async Task<string> PrintAsync(SiteUnderTest site, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/contacts/{id}/consents");
        request.Headers.Authorization = new("Bearer", await site.TokenAsync("contacts"));
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await site.Browser.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string HeadOf(JsonElement json) =>
        $"{json.GetProperty("heads")[0].GetProperty("sequence")}:{json.GetProperty("heads")[0].GetProperty("hash")}";

    private async Task<string?> ErrorAsync(SiteUnderTest site, string sentence)
    {
        var (code, json, text) = await VerifyAsync(site);
        Assert.Equal(2, code);
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        return json.GetProperty("firstBad").GetProperty("error").GetString();
    }

    private async Task<(int Code, JsonElement Json, string Text)> VerifyAsync(SiteUnderTest site, params string[] options)
    {
        string[] command = ["consents", "verify", site.PublicId, .. options];
        var text = await RunAsync(command);
        var json = await RunAsync([.. command, "--json"]);
        Assert.Equal(text.Code, json.Code);
        return (json.Code, JsonDocument.Parse(json.Output + json.Error).RootElement, text.Output + text.Error);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);
}
