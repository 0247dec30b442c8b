using System.Net;
using System.Text.RegularExpressions;
using Gateway.Benchmarks.Load;
using Gateway.Infrastructure.Http;
using Npgsql;

namespace Gateway.Benchmarks.Pages;

/// <summary>A page to be measured.</summary>
/// <param name="Name">Its route with the site, and what is chosen.</param>
/// <param name="Status">What it was answered with when it was found.</param>
/// <param name="Form">What is sent by its form; null where it is only opened.</param>
internal sealed record ConsolePage(string Name, string Path, int Status, IReadOnlyDictionary<string, string>? Form = null);

/// <summary>
/// All pages of the console, found from the routes of the gateway itself: each for the largest and for the smallest site, with each choice
/// of its filters, and the second page of each list.
/// </summary>
internal sealed partial class ConsolePages(ConsoleBrowser browser, NpgsqlDataSource source)
{
    private const string Site = "/admin/sites/{site}";

    /// <summary>Of a menu with many choices, such as sites.</summary>
    private const int MaxChoices = 6;

    /// <summary>
    /// Streams that answer when something changes; a mail of a preview, which is in memory; what only WordPress or a mail leads to.
    /// </summary>
    private static readonly string[] Left =
    [
        "/live",
        "/templates/frames/{id}",
        "/admin/sign-in",
        "/admin/connect",
        "/connect",
        "/admin/address-check/{value}",
        "/admin/test-mail/{value}",
    ];

    /// <summary>Choices together, since each alone is quicker.</summary>
    private static readonly string[] Together =
    [
        $"{Site}/submissions?state=done&time=all",
        $"{Site}/submissions?form=4&time=all",
        $"{Site}/submissions?form=nobody&time=all",
        $"{Site}/submissions?list={{list}}&time=all",
        $"{Site}/submissions?state=failed&list={{list}}&time=all",
        $"{Site}/messages?state=failed&template=order",
        $"{Site}/messages?state=queued&kind=confirmation",
        $"{Site}/sms?state=failed&country=LU",
        $"{Site}/audit?action=contact.erased",
        $"{Site}/audit?action=nothing",
        "/admin/audit?action=contact.erased",
        "/admin/audit?action=nothing",
    ];

    /// <summary>Searches, each by a form of its page.</summary>
    private static readonly (string Path, string Field, string Value)[] Searches =
    [
        ($"{Site}/contacts", "email", "{address}"),
        ($"{Site}/contacts", "email", "nobody@example.org"),
        ($"{Site}/submissions", "search", "{address}"),
        ($"{Site}/messages", "search", "{address}"),
        ($"{Site}/sms", "search", "+33612345678"),
        ($"{Site}/suppressions", "email", "{address}"),
        ($"{Site}/lists/{{list}}/members", "email", "{address}"),
    ];

    /// <param name="routes">Those that are opened by GET.</param>
    public async Task<List<ConsolePage>> FindAsync(IReadOnlyList<string> routes, CancellationToken ct)
    {
        var pages = new List<ConsolePage>();
        var wanted = routes.Where(route => !Array.Exists(Left, left => route.Contains(left, StringComparison.Ordinal))).ToList();
        var largest = await ValuesAsync(ConsoleRows.SiteId(1), ct);
        foreach (var route in wanted.Concat(Together).Where(route => !route.StartsWith(Site, StringComparison.Ordinal)))
        {
            await AddAsync(pages, route, Filled(route, largest), ct);
        }

        foreach (var (size, number) in new[] { ("large", 1), ("small", ConsoleRows.Sites) })
        {
            var values = await ValuesAsync(ConsoleRows.SiteId(number), ct);
            foreach (var route in wanted.Concat(Together).Where(route => route.StartsWith(Site, StringComparison.Ordinal)))
            {
                foreach (var what in route.EndsWith("{what}", StringComparison.Ordinal) ? values["{what}"].Split(' ') : [""])
                {
                    var path = Filled(route.Replace("{what}", what, StringComparison.Ordinal), values);
                    await AddAsync(pages, $"{size} {Short(route, what)}", path, ct);
                }
            }

            foreach (var (route, field, value) in Searches)
            {
                pages.Add(
                    new(
                        $"{size} {Short(route, "")}, search {(value[0] == '{' ? "" : value)}",
                        Filled(route, values),
                        200,
                        new Dictionary<string, string> { [field] = Filled(value, values) }
                    )
                );
            }
        }

        var wrong = pages.Where(page => page.Status is not (200 or 303)).Select(page => $"{page.Path}: {page.Status}").ToList();
        return wrong.Count == 0 ? pages : throw new BenchmarkFailed("Not pages:\n" + string.Join('\n', wrong));
    }

    private static string Filled(string route, Dictionary<string, string> values) =>
        values.Aggregate(route, (path, value) => path.Replace(value.Key, value.Value, StringComparison.Ordinal));

    /// <summary>A page, those that its filters lead to, and the next of each.</summary>
    private async Task AddAsync(List<ConsolePage> pages, string name, string path, CancellationToken ct)
    {
        if (path.Contains('{', StringComparison.Ordinal))
        {
            throw new BenchmarkFailed($"What stands in the braces of {path}? ConsolePages has to know.");
        }

        var html = await OpenAsync(pages, name, path, ct);
        if (path.Contains('?', StringComparison.Ordinal))
        {
            return;
        }

        foreach (Match form in Forms().Matches(html))
        {
            foreach (Match menu in Menus().Matches(form.Value))
            {
                var choices = Choices().Matches(menu.Value).Select(one => one.Groups[1].Value).Where(one => one.Length > 0).ToList();
                foreach (var choice in choices.Count <= MaxChoices ? choices : [.. choices.Take(MaxChoices), choices[^1]])
                {
                    var value = WebUtility.HtmlDecode(choice);
                    var query = $"{menu.Groups[1].Value}={Uri.EscapeDataString(value)}";
                    await OpenAsync(pages, $"{name}?{query}", $"{path}?{query}", ct);
                }
            }
        }
    }

    private async Task<string> OpenAsync(List<ConsolePage> pages, string name, string path, CancellationToken ct)
    {
        var (status, html) = await browser.OpenAsync(path, ct);
        pages.Add(new(name, path, status));
        if (NextPage().Match(html) is { Success: true } next)
        {
            var second = WebUtility.HtmlDecode(next.Groups[1].Value);
            pages.Add(new(name + ", second page", second, (await browser.OpenAsync(second, ct)).Status));
        }

        return html;
    }

    /// <summary>What stands in the places of a route, for a site.</summary>
    private async Task<Dictionary<string, string>> ValuesAsync(Guid site, CancellationToken ct)
    {
        var failed = PublicId.Format(
            PublicId.Submission,
            await FirstAsync("submissions", "failure_code is not null order by id desc", site, ct)
        );
        var (_, html) = await browser.OpenAsync($"/admin/sites/{PublicId.Format(PublicId.Site, site)}/failed", ct);
        var asked = await FirstAsync("optin_requests", "state = 'confirmed' order by created_at desc", site, ct, "submission_id");
        var contact = await FirstAsync("optin_requests", $"submission_id = '{asked}'", site, ct, "contact_id");
        await using var address = source.CreateCommand("select address from contacts where id = $1");
        address.Parameters.AddWithValue(contact);
        return new()
        {
            ["/failed/{id}"] = $"/failed/{failed}",
            ["/sms/{id}"] =
                $"/sms/{PublicId.Format(PublicId.Sms, await FirstAsync("sms", "state = 'delivered' order by id desc", site, ct))}",
            ["/imports/{id}"] = $"/imports/{PublicId.Format(PublicId.Import, await FirstAsync("imports", "true", site, ct))}",
            ["{site}"] = PublicId.Format(PublicId.Site, site),
            ["{cause}"] = Causes().Match(html) is { Success: true } cause ? cause.Groups[1].Value : "none",
            ["{decision}"] = $"{await FirstAsync("bulk_decisions", "true", site, ct, owner: "sites::uuid"):N}",
            ["{submission}"] = PublicId.Format(PublicId.Submission, asked),
            ["{message}"] = PublicId.Format(
                PublicId.Message,
                await FirstAsync("messages", "request_id is not null and state = 'delivered' order by id desc", site, ct)
            ),
            ["{contact}"] = PublicId.Format(PublicId.Contact, contact),
            ["{list}"] = PublicId.Format(
                PublicId.List,
                await FirstAsync("optin_requests", $"submission_id = '{asked}'", site, ct, "list_id")
            ),
            ["{template}"] = PublicId.Format(PublicId.Template, await FirstAsync("templates", "key = 'order'", site, ct)),
            ["{language}"] = "en",
            ["{number:int}"] = "1",
            ["{segment}"] = PublicId.Format(PublicId.Segment, await FirstAsync("segments", "true", site, ct)),
            ["{hook}"] = PublicId.Format(PublicId.Hook, await FirstAsync("hooks", "event like 'subscription%'", site, ct)),
            ["{connection}"] = PublicId.Format(PublicId.Connection, await FirstAsync("connections", "true", site, ct)),
            ["{kind}/{provider}"] = "list/mailjet",
            ["{status}"] = "pending",
            ["{what}"] = "contacts suppressions ledger templates",
            ["{address}"] = (string)(await address.ExecuteScalarAsync(ct))!,
        };
    }

    private async Task<Guid> FirstAsync(
        string table,
        string which,
        Guid site,
        CancellationToken ct,
        string column = "id",
        string owner = "site_id"
    )
    {
        await using var ask = source.CreateCommand($"select {column} from {table} where {owner} = $1 and {which} limit 1");
        ask.Parameters.AddWithValue(site);
        return (Guid)(await ask.ExecuteScalarAsync(ct) ?? throw new BenchmarkFailed($"A site has no row in {table} where {which}."));
    }

    private static string Short(string route, string what) =>
        route[Site.Length..].Replace("{what}", what, StringComparison.Ordinal) is { Length: > 0 } rest ? rest : "/";

    [GeneratedRegex("""<form method="get".*?</form>""", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("""<select[^>]* name="([^"]+)".*?</select>""", RegexOptions.Singleline)]
    private static partial Regex Menus();

    [GeneratedRegex("""<option[^>]* value="([^"]*)""")]
    private static partial Regex Choices();

    [GeneratedRegex("""href="([^"]*[?;&]after=[^"]*)""")]
    private static partial Regex NextPage();

    [GeneratedRegex("""/failed/causes/([^"?/]+)""")]
    private static partial Regex Causes();
}
