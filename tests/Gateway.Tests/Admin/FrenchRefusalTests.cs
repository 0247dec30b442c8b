using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>
/// Rules refuse in English, whoever asks. A page says it in the language of whoever reads it; the API and the database never do.
/// </summary>
public sealed class FrenchRefusalTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_page_refuses_in_French_and_the_API_the_same_in_English_and_nothing_French_is_stored()
    {
        var site = await gateway.NewSiteAsync();
        site.Browser.DefaultRequestHeaders.Add("Accept-Language", "fr");
        var submitted = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(submitted.Id);
        var (browser, speakFrench) = await BrowserAsync(site);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed/{submitted.Id}");
        speakFrench();

        var refused = await browser.PressAsync(page, "Try again", ("email", "nothing"));
        var cause = (await site.AuthorizedAsync(HttpMethod.Get, "/v1/failed", scope: "operate")).Json["items"]![0]!;
        var body = new JsonObject { ["cause"] = (string)cause["cause"]!, ["email"] = "nothing" };
        var answer = await site.AuthorizedAsync(HttpMethod.Post, "/v1/failed/replay", body, scope: "operate");
        var dismissed = await browser.PressAsync(page, "Dismiss", ("reason", "A test."));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("Il n’y a pas de champ « nothing ». Champs reçus : ", refused.Alert!.Replace('\u00a0', ' '));
        Assert.Contains("Choisissez le champ, puis réessayez.", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("There is no field \"nothing\". These came in: ", (string)answer.Json["detail"]!);
        Assert.EndsWith("Choose the field, and try again.", (string)cause["reason"]!);
        Assert.Equal(HttpStatusCode.SeeOther, dismissed.Status);
        Assert.Equal(
            "The field that the form names for the address did not come, or is empty. Choose the field, and try again.",
            await gateway.InDatabaseAsync(db =>
                db.Submissions.Where(row => row.SiteId == site.Id).Select(row => row.Failure).SingleAsync()
            )
        );
        Assert.All(
            await gateway.InDatabaseAsync(db => db.Audit.Where(row => row.SiteId == site.Id).ToListAsync()),
            row => Assert.Matches("^[ -~]+$", row.Action + row.Subject + row.Reason)
        );
    }

    [Fact]
    public async Task A_setting_that_does_not_fit_is_named_in_French_and_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var (browser, speakFrench) = await BrowserAsync(site);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/settings");
        speakFrench();

        var colour = await browser.PressAsync(page, "Save", ("colour", "red"));
        var name = await browser.PressAsync(page, "Save", ("name", new string('a', 300)));

        Assert.Equal((HttpStatusCode.BadRequest, "La couleur s’écrit comme #1a2b3c."), (colour.Status, colour.Alert));
        Assert.Equal("Le nom d’un site a de 1 à 200 caractères.", name.Alert);
        Assert.Null(
            await gateway.InDatabaseAsync(db => db.Sites.Where(row => row.Id == site.Id).Select(row => row.Colour).SingleAsync())
        );
    }

    [Fact]
    public async Task A_list_of_what_failed_names_whom_each_row_is_about_and_why_in_French()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(
            email: "astray@example.org",
            change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
        );
        await site.ProcessedAsync(submitted.Id);
        var (browser, speakFrench) = await BrowserAsync(site);
        speakFrench();

        var list = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed");
        var row = list.Document.QuerySelector(".rows li")!;

        Assert.Equal("fr", list.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Échecs", list.Document.QuerySelector("h1")!.TextContent);
        Assert.Equal("astray@example.org", row.QuerySelector("bdi")!.TextContent);
        Assert.Contains("La liste indiquée n’existe pas sur ce site.", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("Envoi de formulaire", row.QuerySelector(".badge")!.TextContent.Trim());
    }

    /// <returns>A browser of the site's manager, and what makes it ask for French from then on.</returns>
    private async Task<(AdminBrowser Browser, Action SpeakFrench)> BrowserAsync(SiteUnderTest site)
    {
        var client = gateway.CreateClient(new() { AllowAutoRedirect = false });
        var browser = new AdminBrowser(client);
        await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Ann", site)), "Sign in");
        return (browser, () => client.DefaultRequestHeaders.Add("Accept-Language", "fr"));
    }
}
