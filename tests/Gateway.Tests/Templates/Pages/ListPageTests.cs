using System.Net;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Pages;

/// <summary>The list of templates, and adding one.</summary>
public sealed class ListPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task An_empty_site_is_told_what_is_sent_and_what_to_do()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();

        var page = await browser.OpenAsync(site.TemplatesUrl());

        Assert.Contains("no templates of its own", page.Text);
        Assert.Equal(3, page.Document.QuerySelectorAll("a[href*='/new?kind=']").Length);
        Assert.Equal(
            "welcome",
            (await browser.OpenAsync(page.Document.QuerySelector("a[href$='kind=welcome']")!.GetAttribute("href")!)).Field("kind")
        );
    }

    [Fact]
    public async Task A_new_one_begins_as_a_copy_of_the_built_in_one_under_a_key_made_of_its_name()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync("Anna");

        var asked = await browser.OpenAsync(site.TemplatesUrl() + "/new");
        var editor = await browser.FollowAsync(
            browser.PressAsync(asked, "Add template", ("kind", "confirmation"), ("name", "Écris-nous, ça va !"), ("language", "fr"))
        );
        var listed = await browser.OpenAsync(site.TemplatesUrl());

        Assert.Equal("Écris-nous, ça va !", editor.Heading);
        Assert.Contains("ecris-nous-ca-va", editor.Text);
        Assert.Contains("{{ links.confirm }}", editor.Field("html"));
        Assert.Contains("Nothing is sent", editor.Said());
        Assert.Contains(
            "French draft",
            string.Join(" ", listed.TextOf(".states").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Contains("by Anna", listed.TextOf("tbody"));
    }

    [Theory]
    [InlineData("email", "", "", "name has 1 to 100", HttpStatusCode.BadRequest)]
    [InlineData("telegram", "A name", "", "kind is one of", HttpStatusCode.BadRequest)]
    [InlineData("email", "A name", "No Key", "key is up to", HttpStatusCode.BadRequest)]
    [InlineData("email", "A name", "plain", "means the built-in", HttpStatusCode.BadRequest)]
    [InlineData("email", "A name", "taken", "has a template", HttpStatusCode.Conflict)]
    [InlineData("email", "!!!", "", null, HttpStatusCode.SeeOther)]
    public async Task What_cannot_be_added_is_said_and_not_lost(
        string kind,
        string name,
        string key,
        string? reason,
        HttpStatusCode status
    )
    {
        var site = await gateway.NewSiteAsync();
        await site.AddTemplateAsync("taken");
        var browser = await site.AuthorAsync();

        var answer = await browser.PressAsync(
            await browser.OpenAsync(site.TemplatesUrl() + "/new"),
            "Add template",
            ("kind", kind),
            ("name", name),
            ("key", key)
        );

        Assert.Equal(status, answer.Status);
        if (reason is not null)
        {
            Assert.Contains(reason, answer.Alert);
            Assert.Equal((name, key), (answer.Field("name"), answer.Field("key")));
        }
    }

    [Fact]
    public async Task Each_language_says_what_is_published_and_what_waits()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Two"));
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/it", Words("Uno"));

        var page = await (await site.AuthorAsync()).OpenAsync(site.TemplatesUrl());

        Assert.Equal(
            ["English published draft changes", "Italian draft"],
            page.Document.QuerySelectorAll(".states li")
                .Select(one => string.Join(" ", one.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        );
    }

    [Fact]
    public async Task Another_sites_template_does_not_exist()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = await other.PublishedAsync("order", words: Words("Not yours"));
        var own = await mine.PublishedAsync("order", words: Words("Mine"));
        var browser = await mine.AuthorAsync("Mona");
        var editor = await browser.OpenAsync(mine.EditorUrl(own));
        var token = editor.Field("__RequestVerificationToken");

        foreach (var path in new[] { "", "/en", "/en/history", "/en/history/1", "/en/publish", "/en/discard", "/settings" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"{mine.TemplatesUrl()}/{id}{path}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"{other.TemplatesUrl()}/{id}{path}")).Status);
        }

        foreach (var path in new[] { "/en", "/en/history/1", "/en/publish", "/en/discard", "/name", "/languages", "/delete" })
        {
            foreach (var url in new[] { mine.TemplatesUrl(), other.TemplatesUrl() })
            {
                var answer = await browser.PostAsync(
                    $"{url}/{id}{path}",
                    ("__RequestVerificationToken", token),
                    ("subject", "Mine now"),
                    ("key", "order"),
                    ("language", "fr")
                );
                Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            }
        }

        Assert.Equal(
            "Not yours",
            (string?)(await other.TemplateAsync(HttpMethod.Get, id, "versions/en/published", scope: "read")).Json["subject"]
        );
    }

    [Fact]
    public async Task Without_the_token_of_our_form_nothing_is_changed()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        var browser = await site.AuthorAsync();

        foreach (
            var path in new[]
            {
                "/new",
                "/import",
                $"/{id}/en",
                $"/{id}/en/publish",
                $"/{id}/en/discard",
                $"/{id}/en/history/1",
                $"/{id}/name",
                $"/{id}/languages",
                $"/{id}/delete",
            }
        )
        {
            var answer = await browser.PostAsync(
                site.TemplatesUrl() + path,
                ("do", "save"),
                ("subject", "Two"),
                ("name", "x"),
                ("kind", "email"),
                ("language", "fr"),
                ("key", "order")
            );
            Assert.Equal("This page was too old", answer.Heading);
        }

        var read = (await site.TemplateAsync(HttpMethod.Get, id)).Json;
        Assert.Equal("A template", (string?)read["name"]);
        Assert.Single(read["versions"]!.AsArray());
    }
}
