using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Vonage;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Sms.Vonage;

public sealed class VonageSmsTests
{
    private const string Id = "0f3f2a1c-2b6e-4b39-9d2c-1f1f6b3f4f5a";

    [Fact]
    public async Task A_message_goes_out_as_json_with_a_token_of_the_application()
    {
        await using var server = RawServer.Answering(RawServer.Answer(202, $$"""{"message_uuid":"{{Id}}"}"""));
        await using var adapter = new SmsAdapter(SmsRoute.Vonage, server.Url);

        Assert.Equal(new SmsOutcome.Sent(Id), await adapter.SendAsync());

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /v1/messages HTTP/1.1\r\n", request, StringComparison.Ordinal);
        var body = JsonNode.Parse(request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!;
        Assert.Equal(
            ("text", "sms", "33612345678", "ACME", adapter.Sms.Text, "unicode"),
            (
                (string?)body["message_type"],
                (string?)body["channel"],
                (string?)body["to"],
                (string?)body["from"],
                (string?)body["text"],
                (string?)body["sms"]!["encoding_type"]
            )
        );
        Assert.Equal((adapter.Call.StatusCallback.ToString(), "v1"), ((string?)body["webhook_url"], (string?)body["webhook_version"]));
        await CheckTokenAsync(request, ((VonageOptions)adapter.Account).ApplicationId!);
    }

    /// <summary>As Vonage checks it: by the public key of the application.</summary>
    private static async Task CheckTokenAsync(string request, string applicationId)
    {
        const string header = "Authorization: Bearer ";
        var begin = request.IndexOf(header, StringComparison.Ordinal) + header.Length;
        var token = request[begin..request.IndexOf("\r\n", begin, StringComparison.Ordinal)];
        using var key = RSA.Create();
        key.ImportFromPem(VonageAccounts.PublicPem(VonageAccounts.Pem));
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidateAudience = false,
                ValidateIssuer = false,
                ValidAlgorithms = ["RS256"],
                IssuerSigningKey = new RsaSecurityKey(key) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
            }
        );
        Assert.True(valid.IsValid, valid.Exception?.Message);
        Assert.Equal(applicationId, valid.Claims["application_id"]);
        Assert.NotEqual("", valid.Claims["jti"]);
        Assert.Equal(TimeSpan.FromMinutes(15), valid.SecurityToken.ValidTo - ((JsonWebToken)valid.SecurityToken).IssuedAt);
    }

    [Fact]
    public async Task Numbers_go_out_without_plus_and_a_plain_text_as_text()
    {
        await using var server = RawServer.Answering(RawServer.Answer(202, $$"""{"message_uuid":"{{Id}}"}"""));
        await using var adapter = new SmsAdapter(SmsRoute.Vonage, server.Url);
        (adapter.Sms.Sender, adapter.Sms.Encoding) = ("+447700900000", Gateway.Infrastructure.Text.SmsAlphabet.Gsm7);

        await adapter.SendAsync();

        var request = Assert.Single(server.Requests);
        Assert.Contains("\"from\":\"447700900000\"", request, StringComparison.Ordinal);
        Assert.Contains("\"encoding_type\":\"text\"", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_thousand_characters_are_for_somebody_else()
    {
        await using var server = RawServer.Answering(RawServer.Answer(202, "{}"));
        await using var adapter = new SmsAdapter(SmsRoute.Vonage, server.Url);
        adapter.Sms.Text = new string('x', 1001);

        var refused = Assert.IsType<SmsOutcome.Refused>(await adapter.SendAsync());

        Assert.Equal(("too_long", true), (refused.Code, refused.Elsewhere));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(422, "#1170", "number_invalid", false)]
    [InlineData(422, "#1240", "suppressed", false)]
    [InlineData(422, "#1160", "rejected", true)]
    [InlineData(422, "#9999", "rejected", false)]
    [InlineData(400, "", "rejected", false)]
    public async Task A_refusal_is_final_and_says_whether_it_is_about_the_account(int status, string type, string code, bool elsewhere)
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(status, Problem(type)));
        Assert.Equal((code, elsewhere), (refused.Code, refused.Elsewhere));
    }

    [Theory]
    [InlineData("to", "number_invalid")]
    [InlineData("text", "too_long")]
    public async Task A_refusal_that_names_a_field_is_about_it(string field, string code) =>
        Assert.Equal(code, Assert.IsType<SmsOutcome.Refused>(await SendAsync(422, Problem("", field))).Code);

    [Theory]
    [InlineData(401, "", null, "key")]
    [InlineData(403, "", null, "key")]
    [InlineData(402, "", null, "balance")]
    [InlineData(422, "#1070", null, "balance")]
    [InlineData(422, "#1060", null, "key")]
    [InlineData(422, "#1120", null, "sender")]
    [InlineData(422, "#1000", null, "slower")]
    [InlineData(422, "", "from", "sender")]
    [InlineData(422, "", "webhook_url", "receipts")]
    public async Task What_an_operator_or_time_can_mend_is_not_sent(int status, string type, string? field, string word)
    {
        var notSent = Assert.IsType<SmsOutcome.NotSent>(await SendAsync(status, Problem(type, field)));
        Assert.Contains(word, notSent.Reason, StringComparison.Ordinal);
        Assert.NotNull(notSent.Error);
    }

    [Fact]
    public async Task Nobody_can_be_asked()
    {
        await using var adapter = new SmsAdapter(SmsRoute.Vonage, "https://api.nexmo.com");
        Assert.IsType<LookupResult.CannotTell>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
        Assert.Null(await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None));
        Assert.Null(adapter.Provider.AskAgainAfter(0));
    }

    private static async Task<SmsOutcome> SendAsync(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Vonage, server.Url);
        return await adapter.SendAsync();
    }

    private static string Problem(string type, string? field = null)
    {
        var problem = new JsonObject
        {
            ["type"] = "https://developer.vonage.com/api-errors/messages" + type,
            ["title"] = "Something about +33612345678",
            ["detail"] = "Something about +33612345678",
            ["instance"] = "bf0ca0bf927b3b52e3cb03217e1a1ddf",
        };
        if (field is not null)
        {
            problem["invalid_parameters"] = new JsonArray(new JsonObject { ["name"] = field, ["reason"] = "Wrong" });
        }

        return problem.ToJsonString();
    }
}
