using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Gateway.Tests.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Sites;

/// <summary>
/// Tokens of the configured OpenID Connect issuer: its keys, its issuer, our audience, the algorithms we pinned, and a claim that names the
/// site.
/// </summary>
public sealed class OidcTests
{
    private const string Authority = "https://issuer.test";
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly RsaSecurityKey Key = new(Rsa) { KeyId = "issuer-key" };

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public OidcTests() =>
        gateway.Network.Answer(
            "issuer.test",
            (request, _) =>
                Task.FromResult(
                    new HttpResponseMessage(HttpStatusCode.OK)
                    {
                        Content = request.RequestUri!.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
                            ? JsonContent.Create(new { issuer = Authority, jwks_uri = Authority + "/keys" })
                            : JsonContent.Create(new { keys = new[] { Jwk() } }),
                    }
                )
        );

    [Fact]
    public async Task A_token_of_the_issuer_speaks_for_the_site_it_names()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await AskAsync(Token(site.PublicId));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(site.PublicId, (string?)answer.Json["site"]!["id"]);
    }

    [Fact]
    public async Task Another_audience_issuer_key_or_time_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        using var foreign = RSA.Create(2048);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Token(site.PublicId, audience: "others"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Token(site.PublicId, issuer: "https://evil.test"))).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await AskAsync(Token(site.PublicId, key: new RsaSecurityKey(foreign) { KeyId = "issuer-key" }))).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Token(site.PublicId, age: TimeSpan.FromHours(3)))).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await AskAsync(Token(site.PublicId, algorithm: SecurityAlgorithms.RsaSsaPssSha512))).Status
        );
    }

    [Fact]
    public async Task A_site_that_does_not_exist_is_forbidden()
    {
        var answer = await AskAsync(Token("site_" + Guid.CreateVersion7().ToString("N")));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    private async Task<Answer> AskAsync(string token)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static string Token(
        string site,
        string issuer = Authority,
        string audience = "gateway",
        SecurityKey? key = null,
        TimeSpan age = default,
        string algorithm = SecurityAlgorithms.RsaSha256
    )
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime - age;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddHours(1),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = "agency",
                    ["gateway_site"] = site,
                    ["scope"] = "read contacts",
                },
                SigningCredentials = new SigningCredentials(key ?? Key, algorithm),
            }
        );
    }

    private static object Jwk()
    {
        var parameters = Rsa.ExportParameters(false);
        return new
        {
            kty = "RSA",
            use = "sig",
            kid = "issuer-key",
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}
