using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Gateway.Tests.Admin;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Importing;

/// <summary>The admin pages of imports: a file is sent, looked at, begun and taken back by somebody with a browser and no script.</summary>
public sealed class ImportPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task A_manager_sends_a_file_looks_at_it_begins_and_takes_it_back()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Mia", site);

        var shown = await browser.OpenAsync(await SendAsync(browser, site, $"Mail,Town\nada@{domain},Turin\nbob@{domain},\nnobody,\n"));
        Assert.Contains("3 rows", shown.Html, StringComparison.Ordinal);
        Assert.Contains($"ada@{domain}", shown.Html, StringComparison.Ordinal);
        Assert.Equal("email", shown.Document.QuerySelector<IHtmlSelectElement>("select[name=column-1]")!.Value);

        var refused = await browser.PressAsync(shown, "Begin", ("column-2", "+"), ("property-2", "city"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Response.StatusCode);
        Assert.Contains("Say where these people agreed", refused.Html, StringComparison.Ordinal);
        Assert.Equal("+", refused.Document.QuerySelector<IHtmlSelectElement>("select[name=column-2]")!.Value);
        Assert.Equal("city", refused.Document.QuerySelector<IHtmlInputElement>("input[name=property-2]")!.Value);

        var begun = await browser.PressAsync(refused, "Begin", ("source", ImportCalls.Source), ("consentOn", "2025-04-03"));
        Assert.Equal(HttpStatusCode.SeeOther, begun.Response.StatusCode);
        var address = begun.Response.Headers.Location!.ToString();
        var done = await Eventually.BecomesAsync(
            () => browser.OpenAsync(address),
            page => page.Html.Contains("<strong>done</strong>", StringComparison.Ordinal)
        );
        Assert.Contains("3 of 3 rows were looked at", done.Html, StringComparison.Ordinal);
        Assert.Equal(2, await site.CountContactsAsync());
        var errors = await browser.OpenAsync($"{address}/not-taken.csv");
        Assert.StartsWith("line,address,reason\r\n4,nobody,", errors.Html, StringComparison.Ordinal);

        await browser.PressAsync(done, "Take it back");
        await Eventually.BecomesAsync(
            () => browser.OpenAsync(address),
            page => page.Html.Contains("<strong>taken back</strong>", StringComparison.Ordinal)
        );
        Assert.Contains("taken back", (await browser.OpenAsync($"/admin/sites/{site.PublicId}/imports")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_can_be_forgotten_and_what_is_no_file_is_told()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway);
        var draft = await SendAsync(browser, site, $"email\nada@{domain}\n");

        var gone = await browser.PressAsync(await browser.OpenAsync(draft), "Forget this file");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(draft)).Response.StatusCode);
        Assert.Contains(
            "The file is deleted",
            (await browser.OpenAsync(gone.Response.Headers.Location!.ToString())).Html,
            StringComparison.Ordinal
        );

        var none = await browser.PressAsync(await browser.OpenAsync($"/admin/sites/{site.PublicId}/imports"), "Look at the file");
        Assert.Contains("Choose a file first.", none.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sites_manager_sees_none_of_it()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var draft = await SendAsync(await AdminBrowser.SignedInAsync(gateway, "Mia", site), site, $"email\nada@{domain}\n");
        var stranger = await AdminBrowser.SignedInAsync(gateway, "Max", other);

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync(draft)).Response.StatusCode);
        var beside = draft.Replace(site.PublicId, other.PublicId, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync(beside)).Response.StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await stranger.OpenAsync($"/admin/sites/{site.PublicId}/export/contacts")).Response.StatusCode
        );
    }

    /// <returns>Where the file is shown.</returns>
    private static async Task<string> SendAsync(AdminBrowser browser, SiteUnderTest site, string file)
    {
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/imports");
        var token = page.Document.QuerySelector<IHtmlInputElement>("main input[type=hidden]")!;
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token.Value), token.Name! },
            { new StringContent(""), "encoding" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "people.csv" },
        };
        var sent = await browser.SendAsync(new(HttpMethod.Post, $"/admin/sites/{site.PublicId}/imports") { Content = form });
        Assert.True(sent.Response.StatusCode == HttpStatusCode.SeeOther, sent.Html);
        return sent.Response.Headers.Location!.ToString();
    }
}
