using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Vonage;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Sms.Vonage;

/// <summary>A site with its own account at Vonage, and what Vonage tells the gateway about it.</summary>
internal sealed class VonageSite
{
    private VonageSite(SiteUnderTest site, VonageOptions options, FakeVonageAccount account) =>
        (Site, Options, Account) = (site, options, account);

    public SiteUnderTest Site { get; }

    public VonageOptions Options { get; }

    public FakeVonageAccount Account { get; }

    public static async Task<VonageSite> NewAsync(GatewayUnderTest gateway)
    {
        var site = await gateway.NewSiteAsync();
        var options = VonageAccounts.New("ACME", VonageAccounts.NewApiKey(), VonageAccounts.NewSecret());
        options.ApplicationId = Guid.CreateVersion7().ToString();
        var account = gateway.Vonage.Account(options.ApiKey!, options.ApplicationId);
        account.ApiSecret = options.ApiSecret!;
        await site.ConnectAsync(ConnectionKind.Sms, SmsRoute.Vonage, SettingsOf(options).ToJsonString());
        await site.SetSmsRulesAsync(rules => rules.Route = SmsRoute.Vonage);
        return new(site, options, account);
    }

    /// <summary>The settings of a connection to the account.</summary>
    public static JsonObject SettingsOf(VonageOptions options) =>
        new()
        {
            ["apiKey"] = options.ApiKey,
            ["apiSecret"] = options.ApiSecret,
            ["applicationId"] = options.ApplicationId,
            ["privateKey"] = options.PrivateKey,
            ["signatureSecret"] = options.SignatureSecret,
            ["from"] = options.From,
        };

    /// <summary>As Vonage tells it, at the address that the send call named.</summary>
    public Task<Answer> StatusAsync(JsonObject message, string status, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["message_uuid"] = Account.IdOf(message),
            ["to"] = (string?)message["to"],
            ["from"] = (string?)message["from"],
            ["timestamp"] = Site.Gateway.Clock.GetUtcNow().ToString("O"),
            ["status"] = status,
            ["channel"] = "sms",
            ["client_ref"] = (string?)message["client_ref"],
        };
        change?.Invoke(body);
        return PostAsync(new Uri((string)message["webhook_url"]!).PathAndQuery, body.ToJsonString());
    }

    public Task<Answer> ReplyAsync(string text, string? id = null, string channel = "sms") =>
        PostAsync(
            $"/providers/vonage/{Site.PublicId}/inbound",
            new JsonObject
            {
                ["message_uuid"] = id ?? Guid.CreateVersion7().ToString(),
                ["channel"] = channel,
                ["from"] = SmsRequests.Number.TrimStart('+'),
                ["to"] = "15005550006",
                ["message_type"] = "text",
                ["text"] = text,
                ["timestamp"] = Site.Gateway.Clock.GetUtcNow().ToString("O"),
            }.ToJsonString()
        );

    /// <param name="claims">Changes what the token says.</param>
    /// <param name="token">The token in the place of one that fits.</param>
    public async Task<Answer> PostAsync(
        string path,
        string body,
        Action<JsonObject>? claims = null,
        Func<string, string>? token = null,
        string? secret = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var signed = Token(body, claims, secret ?? Options.SignatureSecret!);
        request.Headers.TryAddWithoutValidation("Authorization", token is null ? "Bearer " + signed : token(signed));
        using var response = await Site.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private string Token(string body, Action<JsonObject>? change, string secret)
    {
        var claims = new JsonObject
        {
            ["iat"] = Site.Gateway.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iss"] = "Vonage",
            ["payload_hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))),
            ["api_key"] = Options.ApiKey,
            ["application_id"] = Options.ApplicationId,
        };
        change?.Invoke(claims);
        var signed = $"{Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }
}
