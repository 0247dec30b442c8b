using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Gateway.Tests.Sms.Vonage;

/// <summary>Vonage as the tests of a gateway see it: each test has an account of its own.</summary>
internal sealed class FakeVonage
{
    private readonly ConcurrentDictionary<string, FakeVonageAccount> _accounts = new();

    public FakeVonage(GatewayUnderTest gateway)
    {
        gateway.Network.Answer("vonage.test", AnswerAsync);
        gateway.Network.Answer("vonage-account.test", (request, _) => Task.FromResult(Balance(request)));
    }

    /// <param name="applicationId">Of the account's only application.</param>
    public FakeVonageAccount Account(string apiKey, string applicationId) =>
        _accounts.GetOrAdd(apiKey, _ => new FakeVonageAccount { ApplicationId = applicationId });

    private HttpResponseMessage Balance(HttpRequestMessage request)
    {
        var query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
        return _accounts.TryGetValue(query["api_key"].ToString(), out var account) && query["api_secret"] == account.ApiSecret
            ? Json(HttpStatusCode.OK, new() { ["value"] = account.Balance, ["autoReload"] = false })
            : Json(HttpStatusCode.Unauthorized, new() { ["error-code"] = "401" });
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path.StartsWith("/v2/applications/", StringComparison.Ordinal))
        {
            var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!)).Split(':', 2);
            return
                _accounts.TryGetValue(credentials[0], out var owner) && path.EndsWith("/" + owner.ApplicationId, StringComparison.Ordinal)
                ? Json(
                    HttpStatusCode.OK,
                    new()
                    {
                        ["id"] = owner.ApplicationId,
                        ["keys"] = new JsonObject { ["public_key"] = owner.PublicKey },
                    }
                )
                : Json(HttpStatusCode.NotFound, new() { ["title"] = "Not found" });
        }

        var token = new JsonWebToken(request.Headers.Authorization!.Parameter);
        var account = _accounts.Values.First(one => one.ApplicationId == token.GetPayloadValue<string>("application_id"));
        var message = (JsonObject)JsonNode.Parse(await request.Content!.ReadAsStringAsync(ct))!;
        account.Calls.Enqueue(message);
        return await account.Send(message) ?? Json(HttpStatusCode.Accepted, new() { ["message_uuid"] = account.IdOf(message) });
    }

    internal static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString()) };
}

internal sealed class FakeVonageAccount
{
    private readonly ConcurrentDictionary<string, string> _ids = new();

    public required string ApplicationId { get; init; }

    public string ApiSecret { get; set; } = "";

    public decimal Balance { get; set; } = 10;

    public string PublicKey { get; set; } = VonageAccounts.PublicPem(VonageAccounts.Pem);

    /// <summary>Every send call, as it came.</summary>
    public ConcurrentQueue<JsonObject> Calls { get; } = new();

    /// <summary>What happens before the answer, once the message is taken; null answers as Vonage does.</summary>
    public Func<JsonObject, Task<HttpResponseMessage?>> Send { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Vonage's id of a message.</summary>
    public string IdOf(JsonObject message) => _ids.GetOrAdd((string)message["webhook_url"]!, _ => Guid.CreateVersion7().ToString());
}
