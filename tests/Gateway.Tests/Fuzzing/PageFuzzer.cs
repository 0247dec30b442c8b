using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Fuzzing;

/// <summary>Presses the buttons of every page there is, with what nobody would type. The pages are found by walking.</summary>
internal sealed class PageFuzzer
{
    private const int MaxPages = 150;
    private const string Form = "application/x-www-form-urlencoded";
    private static readonly HtmlParser Parser = new();

    private static readonly string[] MediaTypes =
    [
        Form + "; charset=utf-7",
        Form + "; charset=no-such-charset",
        Form + "; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + "x" + "; charset=utf-7",
        "application/json",
        "text/plain",
        "nonsense",
        "",
    ];

    private readonly List<string> _pages = [];
    private readonly List<FoundForm> _forms = [];
    private string _cookies = "";

    /// <param name="Fields">As the page holds them, the antiforgery token among them.</param>
    private sealed record FoundForm(string Action, IReadOnlyList<(string Name, string Value)> Fields);

    public int Pages => _pages.Count;

    public int Forms => _forms.Count;

    /// <summary>Walks all pages, as somebody who followed links in mails and as an operator who is signed in.</summary>
    public static async Task<PageFuzzer> WalkAsync(GatewayUnderTest gateway, Uri server, FuzzSite site)
    {
        var found = new PageFuzzer();
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = server };

        var signIn = await gateway.AdminLinkAsync("Fuzz");
        var link = Parser.ParseDocument(await client.GetStringAsync(signIn));
        using var signedIn = await client.PostAsync(
            signIn,
            new FormUrlEncodedContent(
                FieldsOf((IHtmlFormElement)link.QuerySelector("form")!).Select(field => KeyValuePair.Create(field.Name, field.Value))
            )
        );
        Assert.Equal("/admin", signedIn.Headers.Location?.ToString());

        string[] doors = ["/", "/c", "/admin", "/admin/sign-in", "/demo", "/demo/mailbox", "/demo/list", "/docs", "/nothing"];
        await found.WalkAsync(client, site, [.. doors, .. site.Links, $"/admin/sites/{site.Site.PublicId}"]);
        found._cookies = cookies.GetCookieHeader(server);
        return found;
    }

    public FuzzRequest Next(Dice dice)
    {
        var headers = new List<(string, string)> { ("Host", dice.Chance(0.02) ? dice.Pick(["", "a b", "x:99999"]) : "localhost") };
        if (dice.Chance(0.9))
        {
            headers.Add(("Cookie", _cookies));
        }

        if (dice.Chance(0.3))
        {
            headers.Add(("Accept-Language", dice.Pick(["de", "fr;q=0.5, es", "*", "x-y-z;q=nonsense", "\u00ff", ",,,"])));
        }

        return dice.Chance(0.35) ? Look(dice, headers) : Press(dice, headers);
    }

    private FuzzRequest Look(Dice dice, List<(string, string)> headers)
    {
        var path = dice.Pick(_pages);
        if (dice.Chance(0.3))
        {
            var parts = path.Split('/');
            parts[^1] = Uri.EscapeDataString(Sendable(dice.Pick(FuzzTexts.Hostile)));
            path = string.Join('/', parts);
        }

        if (dice.Chance(0.4))
        {
            path +=
                (path.Contains('?', StringComparison.Ordinal) ? "&" : "?")
                + $"{dice.Pick(["to", "said", "kind", "language", "x"])}={Uri.EscapeDataString(dice.Pick(FuzzTexts.Hostile))}";
        }

        var method = dice.Chance(0.9) ? "GET" : dice.Pick(["HEAD", "OPTIONS", "PUT", "DELETE", "FOO"]);
        return new("look", method, path, headers, null, IsForPerson(path));
    }

    private FuzzRequest Press(Dice dice, List<(string, string)> headers)
    {
        var form = dice.Pick(_forms);
        var fields = new List<(string Name, string Value)>();
        foreach (var (name, value) in form.Fields)
        {
            var isGuard = name.StartsWith("__", StringComparison.Ordinal);
            if (dice.Chance(isGuard ? 0.03 : 0.1))
            {
                continue;
            }

            fields.Add((name, !isGuard && dice.Chance(0.4) ? dice.Pick(All) : value));
            if (dice.Chance(0.05))
            {
                fields.Add((name, dice.Pick(FuzzTexts.Hostile)));
            }
        }

        var text = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"));
        var type = dice.Chance(0.85) ? Form : dice.Pick(MediaTypes);
        headers.Add(("Content-Type", type));
        var body = dice.Chance(0.03) ? dice.Bytes(dice.Below(500)) : Encoding.UTF8.GetBytes(text);
        return new("press", "POST", form.Action, headers, body, IsForPerson(form.Action));
    }

    private static readonly string[] All =
    [
        .. FuzzTexts.Hostile,
        .. FuzzTexts.Addresses,
        .. FuzzTexts.Templates,
        .. FuzzTexts.Conditions,
        .. FuzzTexts.Languages,
        .. FuzzTexts.Urls,
    ];

    private async Task WalkAsync(HttpClient client, FuzzSite site, IEnumerable<string> from)
    {
        var waiting = new Queue<string>(from);
        var seen = new HashSet<string>(waiting);
        while (waiting.TryDequeue(out var path) && _pages.Count < MaxPages)
        {
            using var answer = await client.GetAsync(path);
            _pages.Add(path);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
            {
                continue;
            }

            var page = Parser.ParseDocument(await answer.Content.ReadAsStringAsync());
            foreach (
                var next in page.QuerySelectorAll("a[href^='/'], iframe[src^='/']")
                    .Select(one => one.GetAttribute("href") ?? one.GetAttribute("src")!)
            )
            {
                var address = next.Split('#')[0];
                if (IsMine(address, site) && seen.Add(address))
                {
                    waiting.Enqueue(address);
                }
            }

            foreach (var form in page.QuerySelectorAll<IHtmlFormElement>("form"))
            {
                var action = form.GetAttribute("action")!;
                if (IsMine(action, site) && !action.EndsWith("/sign-out", StringComparison.Ordinal))
                {
                    AddForm(action, form);
                }
            }
        }
    }

    /// <summary>
    /// Other tests have sites of their own. The jobs' dashboard is another product, and its buttons would stop the workers of this run.
    /// </summary>
    private static bool IsMine(string address, FuzzSite site) =>
        !address.StartsWith("/hangfire", StringComparison.Ordinal)
        && (
            !address.StartsWith("/admin/sites/", StringComparison.Ordinal)
            || address.StartsWith($"/admin/sites/{site.Site.PublicId}", StringComparison.Ordinal)
        );

    /// <summary>Once for each of its buttons, since each is another request.</summary>
    private void AddForm(string action, IHtmlFormElement form)
    {
        var fields = FieldsOf(form).ToList();
        var buttons = form.QuerySelectorAll<IHtmlButtonElement>("button[name]").Select(button => (button.Name!, button.Value)).ToList();
        foreach (var button in buttons.DefaultIfEmpty(("", "")))
        {
            _forms.Add(new(action, [.. fields, .. button.Item1.Length > 0 ? [button] : Array.Empty<(string, string)>()]));
        }
    }

    private static IEnumerable<(string Name, string Value)> FieldsOf(IHtmlFormElement form) =>
        form
            .Elements.Select(element =>
                element switch
                {
                    IHtmlInputElement input => (input.Name ?? "", input.Value ?? ""),
                    IHtmlTextAreaElement text => (text.Name ?? "", text.Value),
                    IHtmlSelectElement select => (select.Name ?? "", select.Value ?? ""),
                    _ => ("", ""),
                }
            )
            .Where(field => field.Item1.Length > 0)
            .Select(field => (field.Item1, field.Item2));

    /// <summary>NUL in a path is the server's own refusal, before the gateway sees anything.</summary>
    private static string Sendable(string text) => text.Replace("\0", "\u0001", StringComparison.Ordinal);

    private static bool? IsForPerson(string path) =>
        path.Contains("//", StringComparison.Ordinal) || path == "/nothing" || path.EndsWith('/') ? null : true;
}
