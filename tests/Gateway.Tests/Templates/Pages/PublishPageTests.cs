using System.Net;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Pages;

/// <summary>Publishing, throwing away, bringing back, and the settings of a template.</summary>
public sealed class PublishPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task It_is_asked_before_with_what_changes_and_for_whom()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("ours", "confirmation");
        var browser = await site.AuthorAsync("Anna");

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var asked = await browser.FollowAsync(browser.PressAsync(editor, "Publish…", ("subject", "Another subject")));
        var done = await browser.FollowAsync(browser.PressAsync(asked, "Publish"));

        Assert.Contains($"for “{site.List.Name}”", asked.Text);
        Assert.Equal("Another subject", asked.TextOf(".diff ins"));
        Assert.Contains("Please confirm", asked.TextOf(".diff del"));
        Assert.Contains("It is published", done.Said());
        Assert.Equal(
            "Another subject",
            (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/published", scope: "read")).Json["subject"]
        );
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.Audit.CountAsync(entry =>
                    entry.SiteId == site.Id && entry.Actor == "admin:Anna" && entry.Action == "template.published"
                )
            )
        );
    }

    [Fact]
    public async Task What_may_not_be_sent_is_not_published()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("ours", "confirmation", Words("s", "<p>No link</p>", "No link"))).Id;
        var browser = await site.AuthorAsync();

        var refused = await browser.PressAsync(await browser.OpenAsync(site.EditorUrl(id) + "/publish"), "Publish");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("without it nobody can confirm", refused.TextOf(".errors"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await site.TemplateAsync(HttpMethod.Get, id, "versions/en/published", scope: "read")).Status
        );
    }

    [Fact]
    public async Task A_draft_that_somebody_changed_since_is_not_published_unseen()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("Looked at"))).Id;
        var browser = await site.AuthorAsync();
        var asked = await browser.OpenAsync(site.EditorUrl(id) + "/publish");
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(5));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Never seen"));

        var refused = await browser.PressAsync(asked, "Publish");
        var done = await browser.PressAsync(refused, "Publish");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Somebody changed the draft", refused.Alert);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
    }

    [Fact]
    public async Task A_draft_is_thrown_away_after_asking_and_what_is_sent_stays()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Two"));
        var browser = await site.AuthorAsync();

        var asked = await browser.OpenAsync(site.EditorUrl(id) + "/discard");
        var done = await browser.FollowAsync(browser.PressAsync(asked, "Discard draft"));

        Assert.Contains("What is sent stays", asked.Text);
        Assert.Equal("One", done.Field("subject"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(site.EditorUrl(id) + "/discard")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.OpenAsync(site.EditorUrl(id) + "/publish")).Status);
    }

    [Fact]
    public async Task An_old_version_is_shown_compared_and_brought_back()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One <b>", text: "same\nold"));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Two", text: "same\nnew"));
        await site.TemplateAsync(HttpMethod.Post, id, "drafts/en/publish");
        var browser = await site.AuthorAsync();

        var history = await browser.OpenAsync(site.EditorUrl(id) + "/history");
        var old = await browser.OpenAsync(site.EditorUrl(id) + "/history/1");
        var restored = await browser.FollowAsync(browser.PressAsync(old, "Make it the draft"));

        Assert.Equal(["published", "archived"], history.Document.QuerySelectorAll("tbody .badge").Select(badge => badge.TextContent));
        Assert.Equal("One <b> old", old.TextOf(".diff del"));
        Assert.Equal("Two new", old.TextOf(".diff ins"));
        Assert.Contains("Hello", (await browser.FrameAsync(old)).Html);
        Assert.Equal("One <b>", restored.Field("subject"));
        Assert.Contains("the draft now", restored.Said());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(site.EditorUrl(id) + "/history/99")).Status);
    }

    [Fact]
    public async Task A_long_difference_costs_no_time()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 20_000).Select(at => $"{at}"));
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words(text: lines));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words(text: string.Join('\n', lines.Split('\n').Reverse())));

        var page = await (await site.AuthorAsync()).OpenAsync(site.EditorUrl(id) + "/publish");

        Assert.Contains("too long to compare", page.Text);
    }

    [Fact]
    public async Task A_language_is_added_as_a_copy()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        var browser = await site.AuthorAsync();
        var settings = await browser.OpenAsync($"{site.TemplatesUrl()}/{id}/settings");

        var copied = await browser.FollowAsync(browser.PressAsync(settings, "Add language", ("language", "fr"), ("from", "en")));
        var builtIn = await browser.FollowAsync(browser.PressAsync(settings, "Add language", ("language", "de"), ("from", "built-in")));

        Assert.Equal("One", copied.Field("subject"));
        Assert.Contains("{{ vars.body", builtIn.Field("text"));
        foreach (var (language, from) in new[] { ("fr", "en"), ("xx", "en"), ("it", "es"), ("it", "nonsense") })
        {
            Assert.Equal(
                HttpStatusCode.BadRequest,
                (await browser.PressAsync(settings, "Add language", ("language", language), ("from", from))).Status
            );
        }
    }

    [Fact]
    public async Task It_is_renamed_and_deleted_unless_a_list_names_it()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("ours", "confirmation");
        await site.UseAsync(confirmation: "ours");
        var browser = await site.AuthorAsync();
        var url = $"{site.TemplatesUrl()}/{id}/settings";

        var renamed = await browser.FollowAsync(browser.PressAsync(await browser.OpenAsync(url), "Rename", ("name", "<i>Other</i>")));
        var unnamed = await browser.PressAsync(renamed, "Rename", ("name", " "));
        var unsure = await browser.PressAsync(renamed, "Delete template", ("key", "something"));
        var inUse = await browser.PressAsync(renamed, "Delete template", ("key", "ours"));
        await site.UseAsync(confirmation: "off");
        var gone = await browser.FollowAsync(browser.PressAsync(renamed, "Delete template", ("key", "ours")));

        Assert.Equal("Settings of <i>Other</i>", renamed.Heading);
        Assert.Contains("Confirmation email for", renamed.Text);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (unnamed.Status, unsure.Status));
        Assert.Equal(HttpStatusCode.Conflict, inUse.Status);
        Assert.Contains("A list uses it", inUse.Alert);
        Assert.Contains("is deleted", gone.Said());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(url)).Status);
    }
}
