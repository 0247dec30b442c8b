using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Gateway.Console.SignIn;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Admin;

/// <summary>A browser with its cookies, and what a person does with it. Redirects are not followed, so that a test sees them.</summary>
internal sealed class AdminBrowser(HttpClient client)
{
    private static readonly HtmlParser Parser = new();
    private readonly HttpClient _client = client;

    public AdminBrowser(GatewayUnderTest gateway)
        : this(gateway.CreateClient(new() { AllowAutoRedirect = false })) { }

    /// <summary>Signed in by a link: as an operator, or as the manager of some sites.</summary>
    public static async Task<AdminBrowser> SignedInAsync(GatewayUnderTest gateway, string name = "Olga", params SiteUnderTest[] sites)
    {
        var browser = new AdminBrowser(gateway);
        var page = await browser.OpenAsync(await gateway.AdminLinkAsync(name, sites));
        var answer = await browser.PressAsync(page, "Sign in");
        Assert.Matches("^/admin(/set-up)?$", answer.Response.Headers.Location?.ToString());
        return browser;
    }

    public Task<ShownPage> OpenAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<ShownPage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(fields) });

    /// <summary>Presses a button of the page, sending what its form holds, as a browser would, and what was typed over it.</summary>
    public Task<ShownPage> PressAsync(ShownPage page, string button, params (string Name, string Value)[] typed)
    {
        var pressed = page.Document.QuerySelectorAll<IHtmlButtonElement>("button").First(one => one.TextContent == button);
        var fields = FieldsOf(pressed.Form!).Where(field => typed.All(one => one.Name != field.Name));
        var own = pressed.Name is { Length: > 0 } name ? [(name, pressed.Value)] : Array.Empty<(string, string)>();
        return PostAsync(pressed.Form!.GetAttribute("action")!, [.. fields, .. typed, .. own]);
    }

    private static IEnumerable<(string Name, string Value)> FieldsOf(IHtmlFormElement form) =>
        form
            .Elements.Select(element =>
                element switch
                {
                    IHtmlInputElement { Type: "radio" or "checkbox" } box => box.IsChecked ? (box.Name, box.Value) : (null, ""),
                    IHtmlInputElement { Type: not "file" } input => (input.Name, input.Value),
                    IHtmlTextAreaElement text => (text.Name, text.Value),
                    IHtmlSelectElement select => (select.Name, select.Value ?? ""),
                    _ => ((string?)null, ""),
                }
            )
            .Where(field => !string.IsNullOrEmpty(field.Item1))
            .Select(field => (field.Item1!, field.Item2));

    public async Task<ShownPage> SendAsync(HttpRequestMessage request)
    {
        var response = await _client.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();
        return new(response, html, Parser.ParseDocument(html));
    }

    /// <summary>A stream of a page; its answer is there before its end.</summary>
    public Task<HttpResponseMessage> FollowAsync(string path) => _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}

internal static class AdminCalls
{
    /// <returns>The path of a link, as <c>gateway admin link</c> prints it.</returns>
    public static Task<string> AdminLinkAsync(this GatewayUnderTest gateway, string name = "Olga", params SiteUnderTest[] sites) =>
        gateway.InScopeAsync<AdminLinks, string>(async links =>
        {
            var access = sites.Length == 0 ? AdminRoles.Operator : AdminRoles.To(sites.Select(site => site.Id));
            return AdminLinks.Path((await links.MakeAsync(name, access, CancellationToken.None)).Token);
        });

    public static bool IsSentToSignIn(this ShownPage page) =>
        page.Response.Headers.Location?.ToString().StartsWith("/admin/sign-in", StringComparison.Ordinal) == true;
}
