using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Segments;

/// <summary>Each reader gets the sections that are for them, in every kind of message, and as the preview said.</summary>
public sealed class SectionSendingTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string ada = $"ada@{Guid.CreateVersion7():N}.example";
    private readonly string bob = $"bob@{Guid.CreateVersion7():N}.example";

    private static JsonObject Greeting() =>
        Words(
            "Hi{% section \"Subject\", segment: \"french\" %} de France{% endsection %}",
            "<p>Hi</p>{% section \"France\", segment: \"french\" %}<p>Bonjour</p>{% endsection %}{% section \"List\", segment: \"readers\" "
                + "%}<p>Recipient</p>{% endsection %}",
            "Hi{% section \"France\", segment: \"french\" %} Bonjour{% endsection %}{% section \"List\", segment: \"readers\" %} "
                + "Recipient{% endsection %}"
        );

    private async Task<SiteUnderTest> NewSiteAsync()
    {
        var site = await gateway.NewSiteAsync(one => one.TestRecipients = ada);
        await site.SegmentAsync("french", "country = \"FR\"");
        await site.SegmentAsync("readers", "member of \"Newsletter\" and created within 1 day");
        return site;
    }

    [Fact]
    public async Task Two_people_get_different_mails_and_each_equals_the_preview_of_that_person()
    {
        var site = await NewSiteAsync();
        var id = await site.PublishedAsync("greeting", words: Greeting());
        var (french, german) = (await site.MemberAsync(ada, "FR"), await site.MemberAsync(bob, "DE"));
        var stranger = $"eve@{Guid.CreateVersion7():N}.example";

        foreach (var address in new[] { ada, bob, stranger })
        {
            await site.MailAsync(address, change: body => (body["template"], body["variables"]) = ("greeting", null));
        }

        await EqualsPreviewAsync(
            site,
            id,
            french,
            await gateway.MailToAsync(ada),
            "Hi de France",
            "Hi Bonjour Recipient",
            "french readers"
        );
        await EqualsPreviewAsync(site, id, german, await gateway.MailToAsync(bob), "Hi", "Hi Recipient", "readers");
        await EqualsPreviewAsync(site, id, null, await gateway.MailToAsync(stranger), "Hi", "Hi", "");
    }

    [Fact]
    public async Task A_changed_condition_counts_from_the_next_mail_on()
    {
        var site = await NewSiteAsync();
        await site.PublishedAsync("greeting", words: Greeting());
        await site.MemberAsync(ada, "DE");

        await site.MailAsync(ada, change: body => (body["template"], body["variables"]) = ("greeting", null));
        await gateway.MailToAsync(ada);
        var french = (await site.AuthorizedAsync(HttpMethod.Get, "/v1/segments", scope: "mail")).Json["items"]![0]!;
        await site.SegmentAsync(HttpMethod.Put, (string)french["id"]!, new JsonObject { ["condition"] = "country = \"DE\"" });
        await site.MailAsync(ada, change: body => (body["template"], body["variables"]) = ("greeting", null));

        Assert.Equal(["Hi", "Hi de France"], (await gateway.MailsToAsync(ada, 2)).Select(mail => mail.Subject));
    }

    [Fact]
    public async Task A_welcome_knows_whom_it_welcomes()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Welcome = true);
        await site.SegmentAsync("turin", "city = \"Turin\" and member of \"Newsletter\"");
        await site.PublishedAsync(
            "hi",
            "welcome",
            Words(
                "Hello{% section \"T\", segment: \"turin\" %} Torino{% endsection %}",
                "<p>{{ links.preferences }}</p>",
                "{{ links.unsubscribe }} \n{{ links.preferences }} \n"
            )
        );

        foreach (var (address, city) in new[] { (ada, "Turin"), (bob, "Rome") })
        {
            await site.SubmitAsync(email: address, change: body => body["fields"]!["your-city"] = city);
            var links = await site.LinksForAsync(address);
            await site.ConfirmAsync("/c/" + links.Confirm);
        }

        Assert.Equal("Hello Torino", (await gateway.MailsToAsync(ada, 2))[1].Subject);
        Assert.Equal("Hello", (await gateway.MailsToAsync(bob, 2))[1].Subject);
    }

    [Fact]
    public async Task An_sms_goes_by_what_was_sent_with_the_call()
    {
        var site = await NewSiteAsync();
        await site.SegmentAsync("large", "vars.total >= 100");
        await site.PublishedAsync(
            "code",
            "sms",
            SmsWords(
                "Thanks{% section \"L\", segment: \"large\" %}, free shipping{% endsection %}{% section \"F\", segment: \"french\" %} "
                    + "merci{% endsection %}"
            )
        );

        foreach (var (key, total) in new[] { ("k", 99), ("l", 100) })
        {
            await site.AuthorizedAsync(
                HttpMethod.Post,
                "/v1/sms",
                new JsonObject
                {
                    ["to"] = "+33612345678",
                    ["template"] = "code",
                    ["vars"] = new JsonObject { ["total"] = total },
                },
                "sms",
                key
            );
        }

        var texts = await gateway.InDatabaseAsync(db =>
            db.Sms.Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).Select(row => row.Text).ToListAsync()
        );
        Assert.Equal(["Thanks", "Thanks, free shipping"], texts);
    }

    [Theory]
    [InlineData("""{"segments":["french"]}""", "Hi Bonjour")]
    [InlineData("""{"sections":"all"}""", "Hi Bonjour Recipient")]
    [InlineData("""{"values":{"contact":{"country":"FR"}}}""", "Hi Bonjour")]
    [InlineData("{}", "Hi")]
    public async Task A_test_equals_its_preview(string json, string text)
    {
        var site = await NewSiteAsync();
        var id = (await site.AddTemplateAsync("greeting", words: Greeting())).Id;
        var request = JsonNode.Parse(json)!.AsObject();

        var preview = (await site.PreviewAsync(id, request)).Json;
        var test = request.DeepClone().AsObject();
        test["to"] = ada;
        await site.TemplateAsync(HttpMethod.Post, id, "test", test);
        var mail = await gateway.MailToAsync(ada);

        Assert.Equal((text, text), ((string?)preview["text"], mail.TextBody!.Trim()));
        Assert.Equal((string?)preview["html"], mail.HtmlBody!.ReplaceLineEndings("\n"));
    }

    private static async Task EqualsPreviewAsync(
        SiteUnderTest site,
        string id,
        string? contact,
        MimeMessage mail,
        string subject,
        string text,
        string segments
    )
    {
        var body = new JsonObject { ["version"] = "published", ["contact"] = contact };
        var preview = (await site.AuthorizedAsync(HttpMethod.Post, $"/v1/templates/{id}/preview", body, "mail read")).Json;

        Assert.Equal((subject, text), (mail.Subject, mail.TextBody!.Trim()));
        Assert.Equal(((string?)preview["subject"], (string?)preview["text"]), (mail.Subject, mail.TextBody!.Trim()));
        Assert.Equal((string?)preview["html"], mail.HtmlBody!.ReplaceLineEndings("\n"));
        Assert.Equal(segments, string.Join(' ', preview["inSegments"]!.AsArray().Select(key => (string?)key)));
    }
}
