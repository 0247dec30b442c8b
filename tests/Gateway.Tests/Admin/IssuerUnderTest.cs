using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Gateway.Tests.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Admin;

/// <summary>
/// A small OpenID Connect issuer that does what RFC 6749, RFC 7636 and OpenID Connect Core ask of one, and says whatever a test wants about
/// people.
/// </summary>
internal sealed class IssuerUnderTest
{
    public const string Authority = "https://admin-issuer.test";
    public const string ClientId = "gateway-admin";
    public const string ClientSecret = "issuer-client-secret";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly RsaSecurityKey Key = new(Rsa) { KeyId = "admin-key" };
    private readonly ConcurrentDictionary<string, (string Challenge, string RedirectUri, Dictionary<string, object> Claims)> _codes =
        new();

    public IssuerUnderTest(FakeNetwork network) => network.Answer("admin-issuer.test", AnswerAsync);

    /// <summary>The person signs in there and is sent back.</summary>
    /// <returns>Where to.</returns>
    public Uri Authorize(Uri request, Action<Dictionary<string, object>> person)
    {
        var query = HttpUtility.ParseQueryString(request.Query);
        Assert.Equal(("code", "S256", ClientId), (query["response_type"], query["code_challenge_method"], query["client_id"]));
        var claims = new Dictionary<string, object> { ["sub"] = "ann-1", ["nonce"] = query["nonce"]! };
        person(claims);
        var code = Guid.CreateVersion7().ToString("N");
        _codes[code] = (query["code_challenge"]!, query["redirect_uri"]!, claims);
        return new(
            $"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}&iss={Uri.EscapeDataString(Authority)}"
        );
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct) =>
        request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => Json(
                new
                {
                    issuer = Authority,
                    authorization_endpoint = Authority + "/authorize",
                    token_endpoint = Authority + "/token",
                    jwks_uri = Authority + "/keys",
                }
            ),
            "/keys" => Json(new { keys = new[] { Jwk() } }),
            "/token" => Token(HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(ct))),
            _ => new(HttpStatusCode.NotFound),
        };

    private HttpResponseMessage Token(System.Collections.Specialized.NameValueCollection form)
    {
        var verifier = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"] ?? "")));
        var fits =
            _codes.TryRemove(form["code"] ?? "", out var granted)
            && (form["client_id"], form["client_secret"], form["redirect_uri"], verifier)
                == (ClientId, ClientSecret, granted.RedirectUri, granted.Challenge);
        return fits
            ? Json(
                new
                {
                    access_token = "unused",
                    token_type = "Bearer",
                    id_token = IdToken(granted.Claims),
                }
            )
            : new(HttpStatusCode.BadRequest) { Content = JsonContent.Create(new { error = "invalid_grant" }) };
    }

    private static string IdToken(Dictionary<string, object> claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Authority,
                Audience = ClientId,
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddMinutes(5),
                Claims = claims,
                SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
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
            kid = Key.KeyId,
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }

    private static HttpResponseMessage Json(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}
