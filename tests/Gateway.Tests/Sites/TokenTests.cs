using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sites;

[Trait("Database", "both")]
public sealed class TokenTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_client_id_and_secret_become_a_token_that_says_who_it_is_for()
    {
        var site = await gateway.NewSiteAsync(change => change.Name = "Token Shop");

        var me = await site.AuthorizedAsync(HttpMethod.Get, "/v1/me", scope: "read sms");

        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.Equal("Token Shop", (string?)me.Json["site"]!["name"]);
        Assert.Equal(site.PublicId, (string?)me.Json["site"]!["id"]);
        Assert.Equal(["read", "sms"], me.Json["scopes"]!.AsArray().Select(scope => (string)scope!));
    }

    [Theory]
    [InlineData("client_credentials", null, "wrong", null, 401, "invalid_client")]
    [InlineData("client_credentials", "gwi_unknown", null, null, 401, "invalid_client")]
    [InlineData("password", null, null, null, 400, "unsupported_grant_type")]
    [InlineData("client_credentials", null, null, "everything", 400, "invalid_scope")]
    public async Task What_is_not_in_order_is_refused_in_the_words_of_oauth(
        string grant,
        string? id,
        string? secret,
        string? scope,
        int status,
        string error
    )
    {
        var site = await gateway.NewSiteAsync();
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = grant,
            ["client_id"] = id ?? site.Keys.ClientId,
            ["client_secret"] = secret ?? site.Keys.ClientSecret,
            ["scope"] = scope ?? "",
        };

        using var response = await site.Browser.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(error, (string?)answer.Json["error"]);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("{}", "application/json")]
    [InlineData("client_id=x&client_secret=y", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=&client_id=x&client_secret=y", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=client_credentials&client_id=x&client_id=x&client_secret=y", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=client_credentials&scope=read&scope=sms", "application/x-www-form-urlencoded")]
    public async Task A_token_request_that_breaks_the_rules_is_invalid_in_the_shape_of_oauth(string body, string type)
    {
        using var client = gateway.CreateClient();

        using var response = await client.PostAsync("/oauth/token", new StringContent(body, Encoding.UTF8, type));
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("invalid_request", "invalid_request"), ((string?)answer.Json["error"], answer.Code));
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$", (string?)answer.Json["error_description"]);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("client_id", true)]
    [InlineData("client_id client_secret", false)]
    public async Task The_client_may_sign_in_by_Basic_but_in_one_way_only(string inTheForm, bool isTaken)
    {
        var site = await gateway.NewSiteAsync();
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        foreach (var name in inTheForm.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            form[name] = name == "client_id" ? site.Keys.ClientId : site.Keys.ClientSecret;
        }

        using var response = await ExchangeAsync(form, Basic(Uri.EscapeDataString(site.Keys.ClientId), site.Keys.ClientSecret));
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(isTaken ? null : "invalid_request", (string?)answer.Json["error"]);
    }

    [Theory]
    [InlineData("Basic", "not base64")]
    [InlineData("Basic", "bm9jb2xvbg==")]
    [InlineData("Basic", "Z3dpXzE6d3Jvbmc=")]
    [InlineData("Basic", "AGE6Yg==")]
    [InlineData("Bearer", "token")]
    [InlineData(null, null)]
    public async Task A_client_that_is_not_known_gets_a_challenge(string? scheme, string? credentials)
    {
        using var response = await ExchangeAsync(
            new() { ["grant_type"] = "client_credentials" },
            scheme is null ? null : new(scheme, credentials)
        );
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_client", (string?)answer.Json["error"]);
        Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task A_token_is_not_to_be_had_by_GET()
    {
        using var client = gateway.CreateClient();

        using var response = await client.GetAsync("/oauth/token?grant_type=client_credentials");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    /// <summary>RFC 6750, section 3.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("Bearer not-a-token", "invalid_token")]
    [InlineData("Bearer", "invalid_token")]
    [InlineData("Basic YTpi", null)]
    public async Task Who_brings_no_good_token_is_told_whether_to_get_a_new_one(string? authorization, string? error)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/me");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.SendAsync(request);

        var challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, challenge.Scheme));
        Assert.Equal(error is not null, challenge.Parameter!.Contains($"error=\"{error}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DELETE", "/v1/contacts/con_1", "read", "contacts")]
    [InlineData("GET", "/v1/hooks", "sms", "hooks")]
    public async Task Who_lacks_a_scope_is_told_which(string method, string path, string scope, string needed)
    {
        var site = await gateway.NewSiteAsync();
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await site.TokenAsync(scope));

        using var response = await site.Browser.SendAsync(request);

        var challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal((HttpStatusCode.Forbidden, "Bearer"), (response.StatusCode, challenge.Scheme));
        Assert.Contains("error=\"insufficient_scope\"", challenge.Parameter, StringComparison.Ordinal);
        Assert.Contains($"scope=\"{needed}\"", challenge.Parameter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_scope_the_answer_is_forbidden()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AuthorizedAsync(
            HttpMethod.Delete,
            "/v1/contacts/con_" + Guid.CreateVersion7().ToString("N"),
            scope: "read"
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal("forbidden", answer.Code);
    }

    [Fact]
    public async Task A_token_that_was_altered_or_signed_by_nobody_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        var parts = (await site.TokenAsync()).Split('.');
        var header = Encode("""{"alg":"none","typ":"JWT"}""");

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"{header}.{parts[1]}."));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"{parts[0]}.{Altered(parts[1])}.{parts[2]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("not-a-token"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(string.Join('.', parts)));
    }

    [Fact]
    public async Task A_token_lives_for_an_hour()
    {
        var site = await gateway.NewSiteAsync();
        var made = gateway.Clock.GetUtcNow();
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(await site.TokenAsync());

        Assert.Equal(made.UtcDateTime.AddHours(1), token.ValidTo, TimeSpan.FromMinutes(1));
        Assert.Equal("ES256", token.Alg);
    }

    [Fact]
    public async Task Two_api_keys_live_and_older_ones_do_not()
    {
        var site = await gateway.NewSiteAsync();
        var first = site.Keys;
        await gateway.InScopeAsync<SiteCredentials, IssuedKeys>(keys => keys.RotateAsync(site.Id, CancellationToken.None));

        Assert.Equal(HttpStatusCode.OK, await ExchangeAsync(first));
        await gateway.InScopeAsync<SiteCredentials, IssuedKeys>(keys => keys.RotateAsync(site.Id, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, await ExchangeAsync(first));
    }

    private static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    private async Task<HttpResponseMessage> ExchangeAsync(Dictionary<string, string> form, AuthenticationHeaderValue? authorization)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = authorization;
        return await client.SendAsync(request);
    }

    private async Task<HttpStatusCode> ExchangeAsync(IssuedKeys keys)
    {
        using var client = gateway.CreateClient();
        using var response = await client.PostAsync(
            "/oauth/token",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = keys.ClientId,
                    ["client_secret"] = keys.ClientSecret,
                }
            )
        );
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> AskAsync(string token)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static string Altered(string payload)
    {
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload))!;
        claims["scope"] = "contacts read sms mail hooks admin";
        return Encode(claims.ToJsonString());
    }

    private static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
