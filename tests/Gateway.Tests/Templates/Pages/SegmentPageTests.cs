using System.Net;
using Gateway.Tests.Hosting;
using Gateway.Tests.Templates.Segments;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Pages;

/// <summary>Segments on the admin pages, and what the editor says of sections and findings.</summary>
public sealed class SegmentPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_segment_is_described_used_changed_and_deleted()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();

        var asked = await browser.OpenAsync(Url(site) + "/new");
        var listed = await browser.FollowAsync(
            browser.PressAsync(asked, "Add segment", ("name", "Lecteurs français"), ("condition", "country = \"FR\"\n or member"))
        );
        var segment = listed.Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(text: "{% section \"P\", segment: \"lecteurs-francais\" %}x{% endsection %}")
            )
        ).Id;
        var used = await browser.OpenAsync(segment);
        var kept = await browser.PostAsync(segment + "/delete", ("__RequestVerificationToken", used.Field("__RequestVerificationToken")));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words());
        var changed = await browser.FollowAsync(browser.PressAsync(used, "Save", ("condition", "country = \"CH\"")));
        var gone = await browser.FollowAsync(browser.PressAsync(await browser.OpenAsync(segment), "Delete segment"));

        Assert.Contains("lecteurs-francais", listed.TextOf("tbody"));
        Assert.Equal("country = \"FR\"\n or member", used.Field("condition"));
        Assert.NotNull(used.Document.QuerySelector($"main ul a[href$='{id}']"));
        Assert.DoesNotContain("Delete segment", used.Text);
        Assert.Equal(HttpStatusCode.Conflict, kept.Status);
        Assert.Contains("take it out", kept.Alert, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("country = \"CH\"", changed.TextOf("tbody"));
        Assert.Contains("no segments yet", gone.Text);
    }

    [Theory]
    [InlineData("Name", "", "country = \"FR\" an x", "condition, line 1, column 16", HttpStatusCode.BadRequest)]
    [InlineData("Name", "", "", "condition, line 1, column 1", HttpStatusCode.BadRequest)]
    [InlineData("Name", "", "member of \"Nobody's\"", "condition, line 1, column 11", HttpStatusCode.BadRequest)]
    [InlineData("", "", "member", "name has 1 to 100", HttpStatusCode.BadRequest)]
    [InlineData("Name", "No Key", "member", "key is up to", HttpStatusCode.BadRequest)]
    [InlineData("Name", "taken", "member", "has a segment", HttpStatusCode.Conflict)]
    [InlineData(
        "<script>alert(1)</script>",
        "taken",
        "</textarea><script>alert(1)</script>",
        "condition, line 1",
        HttpStatusCode.BadRequest
    )]
    public async Task What_cannot_be_a_segment_is_said_with_its_place_and_not_lost(
        string name,
        string key,
        string condition,
        string reason,
        HttpStatusCode status
    )
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("taken", "member");
        var browser = await site.AuthorAsync();

        var answer = await browser.PressAsync(
            await browser.OpenAsync(Url(site) + "/new"),
            "Add segment",
            ("name", name),
            ("key", key),
            ("condition", condition)
        );

        Assert.Equal(status, answer.Status);
        Assert.Contains(reason, answer.TextOf(".notice, .errors"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((name, condition), (answer.Field("name"), answer.Field("condition")));
        Assert.Single(answer.Document.QuerySelectorAll("script"));
    }

    [Fact]
    public async Task Another_sites_segment_does_not_exist_and_without_our_form_nothing_is_changed()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var (own, foreign) = (await mine.SegmentAsync("mine", "member"), await other.SegmentAsync("theirs", "member"));
        var browser = await mine.AuthorAsync();
        var token = (await browser.OpenAsync($"{Url(mine)}/{own}")).Field("__RequestVerificationToken");

        foreach (var url in new[] { $"{Url(mine)}/{foreign}", $"{Url(other)}/{foreign}" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(url)).Status);
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await browser.PostAsync(url, ("__RequestVerificationToken", token), ("name", "x"), ("condition", "not member"))).Status
            );
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await browser.PostAsync(url + "/delete", ("__RequestVerificationToken", token))).Status
            );
        }

        foreach (var path in new[] { "/new", $"/{own}", $"/{own}/delete" })
        {
            Assert.Equal(
                "This page was too old",
                (await browser.PostAsync(Url(mine) + path, ("name", "x"), ("condition", "not member"))).Heading
            );
        }

        Assert.Equal("member", (string?)(await other.SegmentAsync(HttpMethod.Get, foreign)).Json["condition"]);
        Assert.Equal("member", (string?)(await mine.SegmentAsync(HttpMethod.Get, own)).Json["condition"]);
    }

    [Fact]
    public async Task The_editor_shows_a_template_as_whom_it_is_asked_and_who_sees_what()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("french", "country = \"FR\"");
        await site.SegmentAsync("adult", "age >= 18");
        await site.MemberAsync("ada@example.org", "FR");
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "s",
                    "<p>a</p>",
                    "{% section \"F\", segment: \"french\" %}BONJOUR{% section \"A\", segment: \"adult\" %}VIN{% endsection %}{% "
                        + "endsection %}"
                )
            )
        ).Id;
        var browser = await site.AuthorAsync();
        var editor = await browser.OpenAsync(site.EditorUrl(id));

        async Task<string> TextAsync(params (string, string)[] typed) =>
            (await browser.PressAsync(editor, "Update preview", typed)).TextOf(".screen pre");

        Assert.Equal("", await TextAsync());
        Assert.Equal("BONJOUR", await TextAsync(("contact", "ada@example.org")));
        Assert.Equal("BONJOURVIN", await TextAsync(("reader", "everybody")));
        Assert.Equal("BONJOUR", await TextAsync(("reader", "segment:french")));
        Assert.Equal("", await TextAsync(("reader", "segment:adult")));
        Assert.Equal("", await TextAsync(("reader", "none"), ("contact", "ada@example.org")));
        Assert.Contains(
            "no segment \"gone\"",
            (await browser.PressAsync(editor, "Update preview", ("reader", "segment:gone"))).TextOf("#values .notice")
        );
        Assert.Equal(
            ["Ftext|french|hidden|always|depends|never", "Atext, in F|adult|hidden|depends|depends|never"],
            editor
                .Document.QuerySelectorAll("#sections tbody tr")
                .Select(row => string.Join("|", row.Children.Select(cell => OneLine(cell.TextContent))))
        );
    }

    [Fact]
    public async Task A_finding_is_muted_with_the_reason_and_told_again()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("FREE MONEY", "<p>casino</p>", "casino"))).Id;
        var browser = await site.AuthorAsync("Anna");
        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var first = editor.Document.QuerySelector("#findings code")!.TextContent;

        var refused = await browser.PressAsync(editor, "Mute");
        var muted = await browser.PressAsync(editor, "Mute", ("note." + first, "<b>We know.</b>"), ("text", "Typed"));
        var published = await browser.OpenAsync(site.EditorUrl(id) + "/publish");
        var again = await browser.PressAsync(muted, "Hear of it again");

        Assert.Contains("why this finding is no matter", refused.Alert);
        Assert.Contains("is muted", muted.Said());
        Assert.Equal("Typed", muted.Field("text"));
        Assert.Contains("<b>We know.</b>", muted.TextOf("#findings details:not(.mute)"));
        Assert.Contains("Anna", muted.TextOf("#findings details:not(.mute)"));
        Assert.Contains("1 muted", published.Text);
        Assert.DoesNotContain("Hear of it again", published.Text);
        Assert.Contains("shown again", again.Said());
        Assert.DoesNotContain("We know", again.Text);
    }

    private static string Url(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/segments";

    private static string OneLine(string text) => string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
