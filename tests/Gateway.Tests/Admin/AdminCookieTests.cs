using System.Net;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Admin;

/// <summary>
/// Signing in to a gateway as it runs in production: https in front of it, the command line beside it, nothing configured but what is
/// needed.
/// </summary>
public sealed class AdminCookieTests : IDisposable
{
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task In_production_cookies_are_bound_to_the_host_and_to_https_and_tries_are_few()
    {
        await using var installation = new Installation(_database.Settings);
        await using var gateway = GatewayProcess.Start(
            _database.ConnectionString,
            _database.Folder,
            settings: new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Gateway__PublicUrl"] = "https://gateway.example.org",
                ["Mail__From"] = "news@shop.example",
                ["Mail__Smtp__Host"] = "127.0.0.1",
            }
        );
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = await gateway.Listening,
        };
        var made = await installation.RunAsync("admin", "link", "--name", "ann@agency.example");
        var path = new Uri(made.GetProperty("link").GetString()!).AbsolutePath;

        using var page = await http.GetAsync(path);
        var csrf = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        var token = (await page.Content.ReadAsStringAsync()).Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var pressed = await PostAsync(http, path, csrf, token);
        var session = Assert.Single(pressed.Headers.GetValues("Set-Cookie"));

        Assert.Equal("ann@agency.example", made.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.SeeOther, pressed.StatusCode);
        Assert.Matches("^__Host-gateway-csrf=[^;]+; path=/; secure; samesite=strict; httponly$", csrf);
        Assert.Matches("^__Host-gateway-admin=[^;]+; expires=[^;]+; path=/; secure; samesite=strict; httponly$", session);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/admin", session));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/hangfire", session));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(http, "/hangfire", csrf));

        var signedIn = Assert.Single((await installation.RunAsync("admin", "list")).EnumerateArray());
        Assert.Equal("operator", signedIn.GetProperty("role").GetString());
        Assert.Equal(
            1,
            (await installation.RunAsync("admin", "revoke", signedIn.GetProperty("id").GetString()!)).GetProperty("revoked").GetInt32()
        );
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(http, "/admin", session));

        var tries = new List<HttpStatusCode>();
        for (var time = 0; time < 12; time++)
        {
            using var guess = await PostAsync(http, "/admin/sign-in/" + new string('a', 32), csrf, token);
            tries.Add(guess.StatusCode);
        }

        Assert.Contains(HttpStatusCode.NotFound, tries);
        Assert.Contains(HttpStatusCode.TooManyRequests, tries);
        Assert.DoesNotContain(path.Split('/')[^1], gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@agency.example", gateway.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _database.Dispose();

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string cookie, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = AdminBrowser.Form(("__RequestVerificationToken", token)),
        };
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        return http.SendAsync(request);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
