using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sites;

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

    [Fact]
    public async Task A_token_request_that_is_not_a_form_is_a_clear_4xx()
    {
        using var client = gateway.CreateClient();

        using var response = await client.PostAsync("/oauth/token", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
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
