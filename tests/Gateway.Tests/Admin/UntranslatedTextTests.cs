using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Gateway.Tests.Templates.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Admin;

/// <summary>
/// In a language that nobody speaks, every sentence of the console stands between ⟦ and ⟧. What does not, nobody can translate: letters
/// there belong to names of people and things, or were forgotten. The names of this test are Greek, so that Latin letters tell.
/// </summary>
public sealed partial class UntranslatedTextTests
{
    /// <summary>Folders of the console that are English alone so far. Whoever translates one takes it off.</summary>
    private static readonly string[] Untranslated = [];

    /// <summary>
    /// What stands in these is what people, programs and providers wrote: names, addresses, codes, moments; and what people are asked for,
    /// in their language.
    /// </summary>
    private const string Data =
        "bdi, code, pre, time, dd, textarea, script, style, iframe, .mark, [lang]:not(html), [data-error], #purpose";

    /// <summary>Here stand values that a mail may have, in the mail's language.</summary>
    private const string Examples = "#inputs";

    /// <summary>Words of ours stand in these too, between the names.</summary>
    private const string Headlines = "h1, .crumbs, .story";

    private static readonly string[] Attributes = ["title", "aria-label", "placeholder", "alt"];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Every_page_can_be_translated()
    {
        var site = await FilledSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Άννα", site);
        var home = $"/admin/sites/{site.PublicId}";
        var (seen, found) = (new HashSet<string>(), new Dictionary<string, SortedSet<string>>());
        var waiting = new Queue<string>([home, "/admin/failed", "/admin/hygiene", "/admin/sessions", "/admin"]);

        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(path) || await PageAsync(browser, path) is not { } page)
            {
                continue;
            }

            foreach (var link in page.Document.QuerySelectorAll($"a[href^='{home}']"))
            {
                waiting.Enqueue(link.GetAttribute("href")!.Split('#')[0]);
            }

            var folder = FolderOf(path.Split('?')[0]);
            foreach (var text in ForgottenIn(page.Document))
            {
                found.TryAdd(folder, []);
                found[folder].Add($"{path.Replace(home, "site")}: {text}");
            }
        }

        var forgotten = found.Where(one => !Untranslated.Contains(one.Key)).SelectMany(one => one.Value).ToList();
        Assert.True(forgotten.Count == 0, $"{forgotten.Count} texts cannot be translated:\n{string.Join('\n', forgotten)}");
        var done = Untranslated.Where(folder => !found.ContainsKey(folder)).ToList();
        Assert.True(done.Count == 0, $"These are translated, so take them off the list: {string.Join(", ", done)}");
        Assert.True(seen.Count > 40, string.Join('\n', seen));
    }

    [Theory]
    [InlineData("<p>⟦Lists⟧</p>", "")]
    [InlineData("<p>Lists</p>", "Lists")]
    [InlineData("<p>⟦Since ⟧<time>1 May</time>⟦.⟧ <bdi>Ann</bdi> con_1 ann@x.example https://x.example 12 KB</p>", "")]
    [InlineData("<p>⟦Say ⟦inside⟧ too⟧ outside</p>", "outside")]
    [InlineData("<button aria-label='Add it'>⟦Add⟧</button>", "aria-label: Add it")]
    [InlineData("<h1><bdi>Lists</bdi></h1>", "Lists")]
    public void What_is_forgotten_is_found(string html, string forgotten) =>
        Assert.Equal(forgotten, string.Join('|', ForgottenIn(new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html))));

    private async Task<SiteUnderTest> FilledSiteAsync()
    {
        var member = await Subscriber.JoinAsync(gateway, site: site => site.Name = "Δοκιμή");
        var site = member.Site;
        await gateway.InDatabaseAsync(db =>
            db.Lists.Where(list => list.SiteId == site.Id).ExecuteUpdateAsync(set => set.SetProperty(list => list.Name, "Κατάλογος"))
        );
        await member.SignUpForAnotherAsync("Λίστα");
        var submitted = await site.SubmitAsync(
            email: "astray@example.org",
            change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
        );
        await site.ProcessedAsync(submitted.Id);

        var author = await site.AuthorAsync();
        var segment = await author.OpenAsync($"/admin/sites/{site.PublicId}/segments/new");
        await author.FollowAsync(author.PressAsync(segment, "Add segment", ("name", "Τμήμα"), ("key", "tmima"), ("condition", "member")));
        await AddAsync(author, site, "Απλό", "welcome", "simple");
        await AddAsync(author, site, "Πηγή", "email", "source");
        var sms = await AddAsync(author, site, "Σύντομο", "sms", "source");
        await DraftAsync(site, sms, "en", "{% section \"Α\", segment: \"tmima\" %}Ω {{ vars.x }}{% endsection %}");
        await DraftAsync(site, sms, "fr", "Ω {{ vars.order.items[0].name }}");
        return site;
    }

    /// <returns>The id of the template.</returns>
    private static async Task<string> AddAsync(AdminBrowser author, SiteUnderTest site, string name, string kind, string mode)
    {
        var asked = await author.OpenAsync(site.TemplatesUrl() + "/new");
        var added = await author.PressAsync(asked, "Add template", ("name", name), ("kind", kind), ("language", "en"), ("mode", mode));
        Assert.True(added.Location() is not null, added.Html);
        return added.Location()![(site.TemplatesUrl().Length + 1)..].Split('/')[0];
    }

    private static async Task DraftAsync(SiteUnderTest site, string template, string language, string text)
    {
        var saved = await site.TemplateAsync(HttpMethod.Put, template, $"drafts/{language}", SmsWords(text));
        Assert.True(saved.Status is HttpStatusCode.OK or HttpStatusCode.Created, saved.Text);
    }

    /// <returns>Null where it leads on, or is no page.</returns>
    private static async Task<ShownPage?> PageAsync(AdminBrowser browser, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", Translations.Pseudo);
        var page = await browser.SendAsync(request);
        return page.Status == HttpStatusCode.OK && page.Response.Content.Headers.ContentType?.MediaType == "text/html" ? page : null;
    }

    /// <summary>The folder of the console whose handler answers a path.</summary>
    private string FolderOf(string path)
    {
        var endpoint = gateway
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true)
            .Where(endpoint => Matches(endpoint.RoutePattern.RawText!, path))
            .MinBy(endpoint => endpoint.RoutePattern.Parameters.Count)!;
        return endpoint.Metadata.GetMetadata<MethodInfo>()!.DeclaringType!.Namespace!.Split('.')[^1];
    }

    private static bool Matches(string route, string path) =>
        Regex.IsMatch(path, "^/" + Parameter().Replace(route.Trim('/'), "[^/]+") + "$");

    private static IEnumerable<string> ForgottenIn(IDocument page) =>
        TextsOf(page)
            .Concat(AttributesOf(page))
            .Append(page.Title is { Length: > 0 } title ? "title: " + Latin(title) : "")
            .Where(text => text.Split(": ")[^1].Length > 0)
            .Distinct();

    private static IEnumerable<string> TextsOf(IDocument page) =>
        page.Body!.Descendants<IText>()
            .Where(text =>
                text.ParentElement!.Closest(Data) is not { } data || (data.LocalName == "bdi" && data.Closest(Headlines) is not null)
            )
            .Select(text => Latin(text.Data));

    private static IEnumerable<string> AttributesOf(IDocument page) =>
        from element in page.Body!.QuerySelectorAll("*")
        from name in Attributes
        where element.GetAttribute(name) is not null && !(name == "placeholder" && element.Closest(Examples) is not null)
        select $"{name}: {Latin(element.GetAttribute(name)!)}";

    /// <returns>What is said in Latin letters outside of ⟦ ⟧, without ids and addresses, and the names of things that all languages
    /// share.</returns>
    private static string Latin(string text)
    {
        for (var before = ""; before != text;)
        {
            (before, text) = (text, Marked().Replace(text, " "));
        }

        var words = Names().Replace(Codes().Replace(text, " "), " ");
        return Word().IsMatch(words) ? Spaces().Replace(words, " ").Trim() : "";
    }

    [GeneratedRegex("⟦[^⟦⟧]*⟧")]
    private static partial Regex Marked();

    /// <summary>Ids, addresses, paths, hosts, versions.</summary>
    [GeneratedRegex(@"\S*\w[@_/.:#=-]+\w\S*|\S*\d\S*")]
    private static partial Regex Codes();

    [GeneratedRegex(
        @"\b(Gateway|UTC|SMS|HTML|JSON|CSV|KB|MB|px|API|ID|URL|SMTP|DNS|GSM|UCS|DKIM|SPF|DMARC|MX|WordPress|Zapier|Zap|Gmail|Mailjet|Brevo|"
            + @"MailerLite|Mailchimp|Listmonk|Twilio|Vonage|Postmark|Resend|Scaleway|Amazon|SES|Webhook|"
            + @"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|kept in the development mailbox)\b"
    )]
    private static partial Regex Names();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
