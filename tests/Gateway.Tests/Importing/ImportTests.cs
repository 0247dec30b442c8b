using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Imports;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Importing;

/// <summary><c>gateway import</c>: people from a file onto a list, with the proof of their consent.</summary>
[Trait("Database", "both")]
public sealed class ImportTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private string Ada => $"ada@{domain}";

    private string Bob => $"bob@{domain}";

    [Fact]
    public async Task People_with_a_source_are_on_the_list_and_the_ledger_says_where_they_agreed()
    {
        var site = await gateway.NewSiteAsync();

        var import = await site.ImportAsync(
            $"Signed up,City,E-Mail,Vorname,Nachname,IP\n2025-04-03 10:00,Turin,{Ada},Ada,Lovelace,203.0.113.9\n3.4.2025,,{Bob},,,\n",
            "--source",
            ImportCalls.Source,
            "--text",
            "Yes, send me the newsletter.",
            "--map",
            "City=city",
            "--consent-at",
            "Signed up"
        );

        Assert.Equal((2, 0, 0, 0, 0), import.Counts());
        var ada = await ContactAsync(site, Ada);
        Assert.Equal(
            ("confirmed", "Ada Lovelace", "Turin"),
            ((string?)ada["subscriptions"]![0]!["status"], (string?)ada["name"], (string?)ada["properties"]!["city"])
        );
        var entries = (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{ada["id"]}/consents")).Json["entries"]!.AsArray();
        var (facts, personal) = (Assert.Single(entries)!["facts"]!, entries[0]!["personal"]!);
        Assert.Equal("proven", (string?)entries[0]!["kind"]);
        Assert.Equal(
            (ImportCalls.Source, "Yes, send me the newsletter.", "2025-04-03T10:00:00.000Z", "cli", (string?)import["id"]),
            (
                (string?)facts["source"],
                (string?)facts["consentText"],
                (string?)facts["givenAt"],
                (string?)facts["provenBy"],
                (string?)facts["import"]
            )
        );
        Assert.Equal((Ada, "203.0.113.9"), ((string?)personal["address"], (string?)personal["consentIp"]));
        await site.VerifyLedgerAsync();
        Assert.Equal(new DateOnly(2025, 4, 3), (await site.SubscriptionAsync(Bob)).LastSignOn);
    }

    [Fact]
    public async Task Hooks_hear_nothing_of_people_who_are_brought_along_and_the_provider_does()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        await site.ImportProvenAsync($"email\n{Ada}\n");
        await site.ToldAsync(await site.SubscriptionAsync(Ada));

        Assert.Equal("addnoforce", Assert.Single(list.About(Ada)).Action);
        Assert.Empty(await site.EventsAsync(EventTypes.SubscriptionConfirmed));
    }

    [Fact]
    public async Task Nobody_is_imported_without_a_source_or_a_time_of_consent()
    {
        var site = await gateway.NewSiteAsync();
        var file = Encoding.UTF8.GetBytes($"email,agreed\n{Ada},\n{Bob},next year\numa@{domain},2999-01-01\nbea@{domain},4/3/2025\n");

        Assert.Contains("--source", (await site.TryStartAsync(file)).Error, StringComparison.Ordinal);
        Assert.Contains("A proof has a time", (await site.TryStartAsync(file, "--source", "x")).Error, StringComparison.Ordinal);
        var import = await site.ImportAsync(file, "--source", "x", "--consent-at", "agreed");

        Assert.Equal((0, 0, 0, 0, 4), import.Counts());
        Assert.Equal(
            [
                "2: There is no time of consent.",
                "3: The time of consent, \"next year\", could be several days, or is none.",
                "4: The time of consent has not come yet.",
                "5: The time of consent, \"4/3/2025\", could be several days, or is none.",
            ],
            await site.ErrorsAsync(import)
        );
        Assert.Equal(0, await site.CountContactsAsync());
        Assert.Empty(await site.LedgerAsync());
    }

    [Theory]
    [InlineData("dmy", 4, 3)]
    [InlineData("mdy", 3, 4)]
    public async Task Days_with_strokes_are_read_as_somebody_says(string dates, int month, int day)
    {
        var site = await gateway.NewSiteAsync();

        await site.ImportAsync($"email,agreed\n{Ada},3/4/2025\n", "--source", "x", "--consent-at", "agreed", "--dates", dates);

        Assert.Equal(new DateOnly(2025, month, day), (await site.SubscriptionAsync(Ada)).LastSignOn);
    }

    [Fact]
    public async Task Without_a_source_each_person_is_asked_by_mail_and_is_not_on_the_list_before_they_answer()
    {
        var site = await gateway.NewSiteAsync();

        var import = await site.ImportAsync($"email,name\n{Ada},Ada Lovelace\n", "--ask");

        Assert.Equal((0, 1, 0, 0, 0), import.Counts());
        Assert.Equal(SubscriptionState.Pending, (await site.SubscriptionAsync(Ada)).State);
        Assert.Empty(await site.LedgerAsync());
        Assert.NotNull((await site.LinksForAsync(Ada)).Confirm);
        var again = await site.ImportAsync($"email\n{Ada}\n", "--ask");
        Assert.Equal((0, 0, 1, 0, 0), again.Counts());
        Assert.Single(await gateway.MailsToAsync(Ada, 1));
    }

    [Fact]
    public async Task Whoever_refused_stays_off_and_the_row_says_so()
    {
        var site = await gateway.NewSiteAsync();
        var left = (await site.ProveAsync(Ada)).Id;
        await site.UnsubscribeAsync(left, new JsonObject { ["list"] = site.ListId });
        var before = (await site.LedgerAsync()).Count;

        var import = await site.ImportProvenAsync($"email\n{Ada}\n{Bob}\n");

        Assert.Equal((1, 0, 0, 0, 1), import.Counts());
        Assert.StartsWith("2: The person unsubscribed.", Assert.Single(await site.ErrorsAsync(import)), StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Unsubscribed, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal(before + 1, (await site.LedgerAsync()).Count);
        Assert.Equal((0, 0, 1, 0, 1), (await site.ImportProvenAsync($"email\n{Ada}\n{Bob}\n")).Counts());
    }

    [Fact]
    public async Task Whom_the_file_calls_gone_nobody_writes_to_any_more()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(Ada);
        string[] others = [$"out@{domain}", $"back@{domain}", $"spam@{domain}", $"maybe@{domain}", $"odd@{domain}"];

        var import = await site.ImportProvenAsync(
            $"email,status\n{Ada},unsubscribed\n{others[0]},Unsubscribed\n{others[1]},cleaned\n{others[2]},spam\n{others[3]},pending\n"
                + $"{others[4]},perhaps\n{Bob},subscribed\n"
        );

        Assert.Equal((1, 0, 0, 4, 2), import.Counts());
        Assert.Equal(SubscriptionState.Unsubscribed, (await site.SubscriptionAsync(Ada)).State);
        foreach (var address in others[..3])
        {
            Assert.Equal("suppressed", (await site.ProveAsync(address)).Code);
        }

        Assert.Equal((0, 0, 0, 0, 1), (await site.ImportProvenAsync($"email\n{others[0]}\n")).Counts());
    }

    [Fact]
    public async Task Somebody_who_stands_in_a_file_twice_is_one_person_and_one_proof()
    {
        var site = await gateway.NewSiteAsync();

        var import = await site.ImportProvenAsync($"email,name\n{Ada},Ada\n{Ada.ToUpperInvariant()},Ada Lovelace\n");

        Assert.Equal((1, 0, 1, 0, 0), import.Counts());
        Assert.Equal("Ada Lovelace", await site.NameAsync(Ada));
        Assert.Single(await site.LedgerAsync());
        Assert.Equal((0, 0, 2, 0, 0), (await site.ImportProvenAsync($"email\n{Ada}\n{Ada}\n")).Counts());
        Assert.Single(await site.LedgerAsync());
    }

    [Fact]
    public async Task Rows_that_cannot_be_taken_are_told_with_their_line_and_are_safe_to_open_in_a_spreadsheet()
    {
        var site = await gateway.NewSiteAsync();
        var import = await site.ImportProvenAsync(
            $"email,note\n\"{Ada}\",\"two\nlines\"\n=cmd|' /C calc'!A0,x\n{new string('a', 400)}@{domain},x\n,x\n"
        );
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"errors-{Guid.CreateVersion7():N}.csv"));
        try
        {
            var written = await gateway.CommandAsync("import", "errors", (string)import["id"]!, "--to", file.FullName);
            var csv = await File.ReadAllTextAsync(file.FullName);

            Assert.Equal(0, written.Code);
            Assert.Equal((1, 0, 0, 0, 3), import.Counts());
            Assert.StartsWith("line,address,reason\r\n4,\"'=cmd|' /C calc'!A0\",The address cannot", csv, StringComparison.Ordinal);
            Assert.Contains("It is too long", csv, StringComparison.Ordinal);
            Assert.EndsWith("6,,There is no address.\r\n", csv, StringComparison.Ordinal);
        }
        finally
        {
            file.Delete();
        }
    }

    [Fact]
    public async Task A_formula_in_a_name_is_kept_as_text()
    {
        var site = await gateway.NewSiteAsync();

        await site.ImportProvenAsync($"email,name\n{Ada},=1+1\n");

        Assert.Equal("=1+1", await site.NameAsync(Ada));
    }

    [Fact]
    public async Task What_is_done_keeps_nothing_of_the_file()
    {
        var site = await gateway.NewSiteAsync();

        var import = await site.ImportProvenAsync($"email\n{Ada}\n");

        Assert.Equal(0, await site.CountPiecesAsync((string)import["id"]!));
    }

    [Fact]
    public async Task Undone_it_takes_off_whom_it_alone_put_on_the_list_and_whom_nothing_happened_to_since()
    {
        var site = await gateway.NewSiteAsync();
        var (known, left, proven) = ($"known@{domain}", $"left@{domain}", $"proven@{domain}");
        await site.ProveAsync(known);
        var import = await site.ImportProvenAsync($"email\n{Ada}\n{Bob}\n{known}\n{left}\n{proven}\n");
        await site.UnsubscribeAsync((string)(await ContactAsync(site, left))["id"]!, new JsonObject { ["list"] = site.ListId });
        await site.ProveAsync(proven);

        var undone = await UndoneAsync(site, import);

        Assert.Equal(2, (int)undone["undone"]!);
        Assert.Equal(
            [
                SubscriptionState.Removed,
                SubscriptionState.Removed,
                SubscriptionState.Confirmed,
                SubscriptionState.Unsubscribed,
                SubscriptionState.Confirmed,
            ],
            await Task.WhenAll(new[] { Ada, Bob, known, left, proven }.Select(async one => (await site.SubscriptionAsync(one)).State))
        );
        var entry = JsonDocument.Parse((await site.LedgerAsync()).Last(row => row.Kind == ConsentKind.Removed).Entry).RootElement;
        Assert.Equal($"The import {import["id"]} was taken back.", entry.GetProperty("facts").GetProperty("reason").GetString());
        await site.VerifyLedgerAsync();
        Assert.Equal(1, (await gateway.CommandAsync("import", "undo", (string)import["id"]!)).Code);
    }

    [Fact]
    public async Task Undone_it_takes_off_whom_it_alone_asked()
    {
        var site = await gateway.NewSiteAsync();
        var import = await site.ImportAsync($"email\n{Ada}\n{Bob}\n", "--ask");
        await site.ProveAsync(Bob);

        var undone = await UndoneAsync(site, import);

        Assert.Equal(1, (int)undone["undone"]!);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(Bob)).State);
    }

    [Fact]
    public async Task Whom_a_second_import_of_the_same_source_told_too_stays_when_the_first_is_undone()
    {
        var site = await gateway.NewSiteAsync();
        var first = await site.ImportProvenAsync($"email\n{Ada}\n{Bob}\n");
        var second = await site.ImportProvenAsync($"email\n{Ada}\n");
        Assert.Equal((0, 0, 1, 0, 0), second.Counts());

        var undone = await UndoneAsync(site, first);

        Assert.Equal(1, (int)undone["undone"]!);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Bob)).State);
    }

    [Fact]
    public async Task Whom_a_second_import_would_have_asked_too_waits_for_them_when_the_first_is_undone()
    {
        var site = await gateway.NewSiteAsync();
        var first = await site.ImportAsync($"email\n{Ada}\n{Bob}\n", "--ask");
        Assert.Equal((0, 0, 1, 0, 0), (await site.ImportAsync($"email\n{Ada}\n", "--ask")).Counts());

        var undone = await UndoneAsync(site, first);

        Assert.Equal(1, (int)undone["undone"]!);
        Assert.Equal(SubscriptionState.Pending, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Bob)).State);
    }

    [Fact]
    public async Task Whoever_was_taken_back_and_is_imported_again_is_taken_back_again()
    {
        var site = await gateway.NewSiteAsync();
        for (var time = 0; time < 3; time++)
        {
            var import = await site.ImportProvenAsync($"email\n{Ada}\n");
            Assert.Equal((1, 0, 0, 0, 0), import.Counts());
            Assert.Equal(1, (int)(await UndoneAsync(site, import))["undone"]!);
            Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Ada)).State);
        }

        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Whoever_may_get_no_further_mail_so_soon_is_not_counted_as_asked()
    {
        var site = await gateway.NewSiteAsync();
        await UndoneAsync(site, await site.ImportAsync($"email\n{Ada}\n", "--ask"));

        var again = await site.ImportAsync($"email\n{Ada}\n", "--ask");

        Assert.Equal((0, 0, 0, 0, 1), again.Counts());
        Assert.StartsWith(
            "2: The person was asked a short while ago",
            Assert.Single(await site.ErrorsAsync(again)),
            StringComparison.Ordinal
        );
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Ada)).State);
    }

    [Fact]
    public async Task Whom_a_row_far_below_calls_gone_no_row_above_puts_on_the_list()
    {
        var site = await gateway.NewSiteAsync();
        var others = string.Concat(Enumerable.Range(0, 450).Select(at => $"p{at}@{domain},subscribed\n"));

        var import = await site.ImportProvenAsync($"email,status\n{Ada},subscribed\n{others}{Ada},unsubscribed\n{Bob},cleaned\n");

        Assert.Equal((450, 0, 0, 2, 1), import.Counts());
        Assert.StartsWith("2: The person unsubscribed.", Assert.Single(await site.ErrorsAsync(import)), StringComparison.Ordinal);
        Assert.Equal(450, (await site.LedgerAsync()).Count);
    }

    [Fact]
    public async Task Whom_a_row_calls_gone_is_gone_whatever_else_the_row_says()
    {
        var site = await gateway.NewSiteAsync();

        var import = await site.ImportProvenAsync(
            $"email,status,name\n{Ada},subscribed,Ada\n{Ada},unsubscribed,{new string('x', 300)}\n{Bob},subscribed,Bob\n"
        );

        Assert.Equal((1, 0, 0, 1, 1), import.Counts());
        Assert.StartsWith("2: The person unsubscribed.", Assert.Single(await site.ErrorsAsync(import)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_calls_somebody_gone_in_each_part_is_looked_through_in_one_go()
    {
        var site = await gateway.NewSiteAsync();
        var rows = string.Concat(Enumerable.Range(0, 700).Select(at => $"p{at}@{domain},{(at % 100 == 7 ? "bounced" : "subscribed")}\n"));
        var draft = await site.UploadAsync(Encoding.UTF8.GetBytes("email,status\n" + rows));
        var id = Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Import, (string)draft.Json["import"]!["id"]!);
        await using var scope = gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var import = await db.Imports.AsNoTracking().SingleAsync(one => one.Id == id);
        var list = await db.Lists.AsNoTracking().SingleAsync(one => one.SiteId == site.Id);

        await scope
            .ServiceProvider.GetRequiredService<SearchImport>()
            .SearchAsync(
                import,
                db.Imports.Where(one => one.Id == id),
                list,
                gateway.Clock.GetUtcNow().UtcDateTime,
                CancellationToken.None
            );

        Assert.False(SearchImport.IsNeeded(import));
        Assert.Equal(7, await db.Imports.Where(one => one.Id == id).Select(one => one.Suppressed).SingleAsync());
    }

    [Fact]
    public async Task Hooks_hear_nothing_of_people_whom_a_file_calls_gone_or_who_are_taken_back()
    {
        var site = await gateway.NewSiteAsync();
        var (left, asked) = ($"left@{domain}", $"asked@{domain}");
        await site.ProveAsync(Ada);
        await site.ProveAsync(Bob);
        await site.ProveAsync(left);
        await site.ImportAsync($"email\n{asked}\n", "--ask");

        var import = await site.ImportProvenAsync(
            $"email,status\n{Ada},bounced\n{Bob},spam\n{left},unsubscribed\n{asked},bounced\numa@{domain},active\n"
        );
        Assert.Equal(1, (int)(await UndoneAsync(site, import))["undone"]!);

        Assert.Equal((1, 0, 0, 4, 0), import.Counts());
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal(SubscriptionState.Expired, (await site.SubscriptionAsync(asked)).State);
        string[] silent =
        [
            EventTypes.ContactBounced,
            EventTypes.ContactComplained,
            EventTypes.SubscriptionUnsubscribed,
            EventTypes.SubscriptionExpired,
        ];
        foreach (var type in silent)
        {
            Assert.Empty(await site.EventsAsync(type));
        }
    }

    [Fact]
    public async Task Whom_a_caller_proved_by_the_same_words_stays_when_the_import_is_undone()
    {
        var site = await gateway.NewSiteAsync();
        var import = await site.ImportProvenAsync($"email\n{Ada}\n", "--text", "Yes, send me the newsletter.");
        var proven = await site.ProveAsync(
            Ada,
            contact =>
                contact["consent"] = new JsonObject
                {
                    ["text"] = "Yes, send me the newsletter.",
                    ["source"] = ImportCalls.Source,
                    ["at"] = "2025-04-03T00:00:00Z",
                }
        );
        Assert.True(proven.Status is HttpStatusCode.OK or HttpStatusCode.Created, proven.Text);
        Assert.Single(await site.LedgerAsync());

        Assert.Equal(0, (int)(await UndoneAsync(site, import))["undone"]!);

        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(Ada)).State);
    }

    [Fact]
    public async Task An_erasure_reaches_rows_that_were_not_taken_and_rows_that_wait()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(Ada);
        var draft = await site.UploadAsync(Encoding.UTF8.GetBytes($"email,name\n{Ada},Ada\n{Bob},Bob\n"));
        var id = (string)draft.Json["import"]!["id"]!;

        var erased = await site.AuthorizedAsync(
            HttpMethod.Delete,
            $"/v1/contacts/{(await ContactAsync(site, Ada))["id"]}",
            scope: "contacts"
        );

        Assert.True((int)erased.Status is >= 200 and < 300, erased.Text);
        var rows = (await site.CallAsync(HttpMethod.Get, $"/{id}")).Json["firstRows"]!.AsArray();
        Assert.Equal(Bob, (string?)Assert.Single(rows)!["cells"]![0]);
    }

    [Fact]
    public async Task An_erasure_reads_only_the_part_of_a_waiting_file_that_is_about_the_person()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(Ada);
        var others = string.Concat(Enumerable.Range(0, 200).Select(at => $"p{at}@{domain}\n"));
        var draft = await site.UploadAsync(Encoding.UTF8.GetBytes($"email\n{others}{Ada.ToUpperInvariant()}\n{Bob}\n"));
        var id = Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Import, (string)draft.Json["import"]!["id"]!);
        var pieces = gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .ImportPieces.Where(piece => piece.ImportId == id && piece.Number == 1)
                        .ExecuteUpdateAsync(set => set.SetProperty(piece => piece.Rows, "nobody reads this")),
                CancellationToken.None
            )
        );
        Assert.Equal(1, await pieces);

        var erased = await site.AuthorizedAsync(
            HttpMethod.Delete,
            $"/v1/contacts/{(await ContactAsync(site, Ada))["id"]}",
            scope: "contacts"
        );

        Assert.True((int)erased.Status is >= 200 and < 300, erased.Text);
        var left = await gateway.InDatabaseAsync(db =>
            db.ImportPieces.AsNoTracking().SingleAsync(piece => piece.ImportId == id && piece.Number == 2)
        );
        Assert.Contains(Bob, left.Rows, StringComparison.Ordinal);
        Assert.DoesNotContain(Ada, left.Rows, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ImportRows.MarkOf(Bob), left.People);
    }

    private static async Task<JsonNode> UndoneAsync(SiteUnderTest site, JsonNode import)
    {
        Assert.Equal(0, (await site.Gateway.CommandAsync("import", "undo", (string)import["id"]!)).Code);
        return await Eventually.BecomesAsync(
            () => site.StatusAsync((string)import["id"]!),
            one => (string?)one["state"] == "undone" || one["failure"] is not null
        );
    }

    private static async Task<JsonNode> ContactAsync(SiteUnderTest site, string address)
    {
        var id = await site.Gateway.InDatabaseAsync(db =>
            db.Contacts.Where(row => row.SiteId == site.Id && row.AddressKey == address).Select(row => row.Id).SingleAsync()
        );
        return (await site.ReadContactAsync(Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Contact, id))).Json;
    }
}
