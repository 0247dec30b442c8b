using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Benchmarks.Load;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Security;
using Npgsql;

namespace Gateway.Benchmarks.Pages;

/// <summary>An operator who is signed in, and how long they wait.</summary>
internal sealed partial class ConsoleBrowser : IDisposable
{
    private readonly HttpClient _http;

    private ConsoleBrowser(string url) =>
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = new(url) };

    /// <summary>By a link like that of <c>gateway admin link</c>.</summary>
    public static async Task<ConsoleBrowser> SignInAsync(string url, NpgsqlDataSource source, CancellationToken ct)
    {
        var token = Secrets.Random(24);
        await using var link = source.CreateCommand(
            "insert into admin_links (hash, name, access, expires_at) values ($1, 'ann@example.org', $2, now() + interval '10 minutes')"
        );
        link.Parameters.AddWithValue(Secrets.Hash(token));
        link.Parameters.AddWithValue(AdminRoles.Operator.ToText());
        await link.ExecuteNonQueryAsync(ct);

        var browser = new ConsoleBrowser(url);
        var answer = await browser.PostAsync(AdminLinks.Path(token), AdminLinks.Path(token), [], ct);
        return answer == HttpStatusCode.SeeOther ? browser : throw new BenchmarkFailed($"Signing in was answered with {answer}.");
    }

    /// <returns>Status and text; the text is empty where it is no page.</returns>
    public async Task<(int Status, string Html)> OpenAsync(string path, CancellationToken ct)
    {
        using var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        var isPage = answer.Content.Headers.ContentType?.MediaType == "text/html";
        return ((int)answer.StatusCode, isPage ? await answer.Content.ReadAsStringAsync(ct) : "");
    }

    /// <returns>Milliseconds until the first byte of the answer was there.</returns>
    public async Task<double> TimeAsync(ConsolePage page, CancellationToken ct)
    {
        if (page.Form is { } form)
        {
            var token = TokenOf((await OpenAsync(page.Path, ct)).Html);
            using var content = new FormUrlEncodedContent([.. form, KeyValuePair.Create("__RequestVerificationToken", token)]);
            return await FirstByteAsync(new(HttpMethod.Post, page.Path) { Content = content }, ct);
        }

        return await FirstByteAsync(new(HttpMethod.Get, page.Path), ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task<double> FirstByteAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var rest = new byte[64 * 1024];
            var length = await body.ReadAsync(rest, ct);
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if ((int)answer.StatusCode >= 400)
            {
                throw new BenchmarkFailed($"{request.RequestUri} was answered with {(int)answer.StatusCode}.");
            }

            // What is left of a page is read; of a download, which may be large, the connection is given up.
            while (length > 0 && answer.Content.Headers.ContentType?.MediaType == "text/html")
            {
                length = await body.ReadAsync(rest, ct);
            }

            return took;
        }
    }

    private async Task<HttpStatusCode> PostAsync(string page, string path, KeyValuePair<string, string>[] fields, CancellationToken ct)
    {
        var token = TokenOf((await OpenAsync(page, ct)).Html);
        using var form = new FormUrlEncodedContent([.. fields, KeyValuePair.Create("__RequestVerificationToken", token)]);
        using var answer = await _http.PostAsync(path, form, ct);
        return answer.StatusCode;
    }

    private static string TokenOf(string html) =>
        Token().Match(html) is { Success: true } found
            ? found.Groups[1].Value
            : throw new BenchmarkFailed("A page with a form has no token in it.");

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="__RequestVerificationToken""")]
    private static partial Regex Token();
}
