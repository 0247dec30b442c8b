using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

/// <summary>A person sees, corrects, takes along and deletes what a site keeps of them, by a link to their own mailbox.</summary>
public sealed partial class OwnDataTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> AllLanguages => [.. Languages.All];

    [Fact]
    public async Task The_link_of_a_newsletter_shows_nothing_and_asks_for_a_link_to_the_mailbox()
    {
        var member = await Subscriber.JoinAsync(gateway);

        var preferences = await member.Site.OpenAsync(member.Preferences);
        var sent = await member.Site.SendFormAsync(member.Preferences, ("do", "data"));
        var link = await LinkAsync(member, mails: 3);
        var page = await member.Site.OpenAsync(link);

        Assert.DoesNotContain(member.Address, preferences.Html, StringComparison.Ordinal);
        Assert.Equal("Look into your mailbox", sent.Heading);
        Assert.DoesNotContain(member.Address, sent.Html, StringComparison.Ordinal);
        Assert.Equal("Your data", page.Heading);
        Assert.Contains(member.Address, page.Text, StringComparison.Ordinal);
        Assert.Contains("Newsletter", page.Text, StringComparison.Ordinal);
        Assert.Contains("Yes, send me the newsletter.", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.OpenAsync("/d/" + member.Links.Preferences)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.OpenAsync("/p/" + link[3..])).Status);

        for (var again = 0; again < 4; again++)
        {
            Assert.Equal(HttpStatusCode.OK, (await member.Site.SendFormAsync(member.Preferences, ("do", "data"))).Status);
        }

        Assert.Equal(
            3,
            await gateway.InDatabaseAsync(db =>
                db.Messages.CountAsync(row => row.SiteId == member.Site.Id && row.Key.StartsWith("own-data:"))
            )
        );
    }

    [Fact]
    public async Task Name_and_language_are_changed_and_all_of_it_is_taken_along()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.Site.SendFormAsync(member.Preferences, ("do", "data"));
        var link = await LinkAsync(member, mails: 3);

        var wrong = await member.Site.SendFormAsync(link, ("do", "save"), ("name", new string('x', 201)), ("language", "de"));
        var saved = await member.Site.SendFormAsync(link, ("do", "save"), ("name", "Ada King"), ("language", "de"));
        var json = JsonNode.Parse((await member.Site.OpenAsync(link + "/data.json")).Html)!;

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("A name has at most 200 letters. Nothing was changed.", wrong.Alert);
        Assert.Equal("Ihre Daten", saved.Heading);
        Assert.Equal("Ada King", (string?)json["contact"]!["name"]);
        Assert.Equal("confirmed", (string?)json["consents"]!["entries"]![0]!["kind"]);
        var contact = await gateway.InDatabaseAsync(db => db.Contacts.SingleAsync(row => row.SiteId == member.Site.Id));
        Assert.Equal(("Ada King", "de"), (contact.Name, contact.Language));
    }

    [Fact]
    public async Task All_that_is_kept_is_shown_with_what_it_is_for_and_where_it_comes_from()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var other = await member.Site.SubmitAsync(
            email: $"{Guid.CreateVersion7():N}@pages.example",
            change: body =>
            {
                body["fields"]!["secret"] = "Of somebody else";
                body["fields"]!["message"] = $"Write to {member.Address} too.";
            }
        );
        await member.Site.ProcessedAsync(other.Id);
        await member.Site.SendFormAsync(member.Preferences, ("do", "data"));
        var link = await LinkAsync(member, mails: 3);

        var page = await member.Site.OpenAsync(link);
        var json = JsonNode.Parse((await member.Site.OpenAsync(link + "/data.json")).Html)!;

        Assert.Contains($"Write to {member.Address} too.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Of somebody else", page.Html, StringComparison.Ordinal);
        Assert.Equal(2, json["kept"]!["submissions"]!.AsArray().Count);
        Assert.Contains(json["kept"]!["messages"]!.AsArray(), mail => (string?)mail!["what"] == "confirmation");
        Assert.NotEmpty(json["purposes"]!.AsArray());
        Assert.Contains("What it is used for", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Of somebody else", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_deletes_themselves_is_gone_and_the_ledger_still_verifies()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.Site.SendFormAsync(member.Preferences, ("do", "data"));
        var link = await LinkAsync(member, mails: 3);

        var unsure = await member.Site.SendFormAsync(link, ("do", "erase"));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == member.Site.Id)));
        var erased = await member.Site.SendFormAsync(link, ("do", "erase"), ("sure", "1"));

        Assert.Equal("Your data is deleted", erased.Heading);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == member.Site.Id)));
        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.OpenAsync(link)).Status);
        await member.Site.VerifyLedgerAsync();
    }

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public async Task Page_and_mail_speak_the_language_of_the_person(string language)
    {
        var member = await Subscriber.JoinAsync(gateway, $"{language}_XX", site => site.MailQuiet = "00:00-23:59");
        await member.Site.SendFormAsync(member.Preferences, ("do", "data"));

        var page = await member.Site.OpenAsync(await LinkAsync(member, mails: 3));

        Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotMatch(@"\{\d\}|Own_", page.Html);
    }

    private async Task<string> LinkAsync(Subscriber member, int mails) =>
        Link().Match((await gateway.MailsToAsync(member.Address, mails))[^1].TextBody!).Value;

    [GeneratedRegex("/d/[A-Za-z0-9_-]+")]
    private static partial Regex Link();
}
