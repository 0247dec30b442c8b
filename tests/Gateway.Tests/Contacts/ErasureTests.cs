using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.Sms.Receipts;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>An erasure reaches all that the site holds of a person, and says how much that was.</summary>
[Trait("Database", "both")]
public sealed class ErasureTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string local = $"{Guid.CreateVersion7():N}";

    private string Address => $"{local}@erase.example";

    [Fact]
    public async Task Submissions_without_a_box_and_to_other_forms_go_too()
    {
        var site = await gateway.NewSiteAsync(one => one.TellSubmissions = true);
        var joined = await site.SubmitAsync(email: Address);
        var contact = await SentAsync(site, body => body["subscribe"] = new JsonArray());
        var other = await SentAsync(
            site,
            body =>
            {
                body["form"]!["id"] = "9";
                body["fields"] = new JsonObject
                {
                    ["mail"] = $" {local.ToUpperInvariant()}@Erase.Example. ",
                    ["text"] = "My secret wish",
                };
                body["subscribe"] = null;
            }
        );
        var inText = await SentAsync(
            site,
            body =>
            {
                body["fields"] = new JsonObject { ["text"] = $"Write to me <\"{local}\"@erase.example> or {Address}, please." };
                body["subscribe"] = null;
            }
        );
        var malformed = await SentAsync(site, body => body["fields"]!["your-email"] = $"Ada <{Address}>");
        var stranger = await SentAsync(site, body => body["fields"]!["your-email"] = $"x{Address}");
        await site.MailAsync(Address);
        foreach (var sent in new[] { joined.Id, contact, other, inText, malformed, stranger })
        {
            await site.ProcessedAsync(sent);
        }

        var id = (string)(await SearchAsync(site)).Json["items"]![0]!["id"]!;
        var erased = await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{id}", scope: "contacts");

        Assert.Equal(HttpStatusCode.OK, erased.Status);
        Assert.Equal(5, (int)erased.Json["erased"]!["submissions"]!);
        Assert.Equal(2, (int)erased.Json["erased"]!["messages"]!);
        Assert.Equal(1, (int)erased.Json["erased"]!["contacts"]!);
        Assert.Empty((await SearchAsync(site)).Json["items"]!.AsArray());
        var left = await BodiesAsync(site);
        Assert.Equal(5, left.Count(body => body == "{}"));
        Assert.Contains($"x{Address}", Assert.Single(left, body => body != "{}"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            await gateway.InDatabaseAsync(db => db.Events.Where(row => row.SiteId == site.Id).Select(row => row.Data).ToListAsync()),
            data => data.Contains(local, StringComparison.OrdinalIgnoreCase) && !data.Contains($"x{local}", StringComparison.Ordinal)
        );
        Assert.Equal("""{"erased":{}}""", (await EraseAsync(site, Address)).Text);
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Reasons_that_name_somebody_go_and_what_was_done_stays()
    {
        var site = await gateway.NewSiteAsync();
        var member = await site.ProveAsync(Address);
        await SuppressAsync(site, Address, "Ada Lovelace called us.");
        await SuppressAsync(site, "stranger@erase.example", "Asked by post.");
        await SuppressAsync(site, "third@erase.example", $"Is the same as {Address}.");

        await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{member.Id}", scope: "contacts");
        var first = await ReasonsAsync(site);
        await EraseAsync(site, "stranger@erase.example");

        Assert.Equal([null, "Asked by post.", null], first);
        Assert.Equal([null, null, null], await ReasonsAsync(site));
    }

    private Task SuppressAsync(SiteUnderTest site, string address, string why) =>
        gateway.InScopeAsync<SuppressAddress, bool>(async suppress =>
        {
            var parsed = EmailAddress.Parse(address)!;
            await suppress.AddAsync(site.Id, parsed, SuppressionReason.Unsubscribed, why, "admin:Ann", CancellationToken.None);
            return true;
        });

    private Task<List<string?>> ReasonsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db =>
            db.Audit.Where(row => row.SiteId == site.Id && row.Action == "suppression.added")
                .OrderBy(row => row.Id)
                .Select(row => row.Reason)
                .ToListAsync()
        );

    [Fact]
    public async Task Somebody_who_is_no_contact_is_erased_by_the_address_alone_at_one_site()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        foreach (var one in new[] { site, other })
        {
            await one.ProcessedAsync(await SentAsync(one, body => body["subscribe"] = null));
        }

        var erased = await EraseAsync(site, $"mailto:{Address}");

        Assert.Equal("""{"erased":{"submissions":1}}""", erased.Text);
        Assert.Equal(["{}"], await BodiesAsync(site));
        Assert.Contains(Address, Assert.Single(await BodiesAsync(other)), StringComparison.Ordinal);
        Assert.Equal("invalid_request", (await EraseAsync(site, "nobody")).Code);
    }

    [Fact]
    public async Task What_failed_or_was_changed_for_a_replay_is_erased_and_waits_no_longer()
    {
        var site = await gateway.NewSiteAsync();
        var id = await SentAsync(site, body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(id);
        Assert.Equal(SubmissionState.Failed, (await site.ProcessedAsync(id)).State);

        await EraseAsync(site, Address);

        var row = await site.ProcessedAsync(id);
        Assert.Equal(SubmissionState.Done, row.State);
        Assert.Null(row.FailureCode);
        Assert.Null(row.DueAt);
        Assert.Equal("{}", Encoding.UTF8.GetString(row.Body));
    }

    [Fact]
    public async Task Messages_to_and_from_their_number_lose_number_and_text_and_are_never_sent_again()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var site = twilio.Site;
        var number = $"+33612{Random.Shared.Next(100_000, 999_999)}";
        await site.ProveAsync(
            Address,
            body => body["properties"] = new JsonObject { ["phone"] = number.Replace("+33", "+33 (0)", StringComparison.Ordinal) }
        );
        var sent = await twilio.MessageAsync(row =>
            (row.Recipient, row.State, row.DueAt) = (number, Features.Sms.SmsState.Delivered, null)
        );
        var other = await twilio.MessageAsync();
        await twilio.ReplyAsync("My secret wish", from: number);
        await twilio.ReplyAsync("Somebody else's");
        var id = (string)(await SearchAsync(site)).Json["items"]![0]!["id"]!;

        var erased = await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{id}", scope: "contacts");

        Assert.Equal(2, (int)erased.Json["erased"]!["sms"]!);
        Assert.Equal(("", "", sent.Key), await twilio.ReadAsync(sent) is var row ? (row.Recipient, row.Text, row.Key) : default);
        Assert.Equal(TwilioSite.Recipient, (await twilio.ReadAsync(other)).Recipient);
        Assert.Equal(TwilioSite.Recipient, Assert.Single(await twilio.ToldAsync()).From);
        Assert.DoesNotContain(await twilio.EventsAsync(), told => told.Data.Contains(number[1..], StringComparison.Ordinal));
        Assert.Contains(await twilio.EventsAsync(), told => told.Data.Contains("Somebody else", StringComparison.Ordinal));
    }

    private async Task<string> SentAsync(SiteUnderTest site, Action<JsonObject> change) =>
        (await site.SubmitAsync(email: Address, change: change)).Id;

    private Task<Answer> SearchAsync(SiteUnderTest site) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", new JsonObject { ["email"] = Address }, "read");

    private static Task<Answer> EraseAsync(SiteUnderTest site, string email) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/erase", new JsonObject { ["email"] = email }, "contacts");

    private Task<List<string>> BodiesAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(async db =>
            (await db.Submissions.Where(row => row.SiteId == site.Id).Select(row => row.Body).ToListAsync()).ConvertAll(
                Encoding.UTF8.GetString
            )
        );
}
