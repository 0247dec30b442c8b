using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Brevo;

/// <summary>Brevo's SMS as the tests of a gateway see it: each test has a key, and so an account, of its own.</summary>
internal sealed class FakeBrevoSms
{
    private readonly ConcurrentDictionary<string, FakeBrevoSmsAccount> _accounts = new();

    public FakeBrevoSms(GatewayUnderTest gateway) => gateway.Network.Answer("brevo-sms.test", AnswerAsync);

    public FakeBrevoSmsAccount Account(string key) => _accounts.GetOrAdd(key, _ => new FakeBrevoSmsAccount());

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (!_accounts.TryGetValue(request.Headers.GetValues("api-key").Single(), out var account))
        {
            return Json(HttpStatusCode.Unauthorized, new() { ["code"] = "unauthorized", ["message"] = "Key not found" });
        }

        if (request.Method == HttpMethod.Get)
        {
            return request.RequestUri!.AbsolutePath == "/v3/account"
                ? Json(HttpStatusCode.OK, new() { ["companyName"] = "ACME" })
                : Json(HttpStatusCode.OK, new() { ["events"] = new JsonArray([.. account.Events.Select(one => one.DeepClone())]) });
        }

        var message = (JsonObject)JsonNode.Parse(await request.Content!.ReadAsStringAsync(ct))!;
        account.Calls.Enqueue(message);
        return await account.Send(message) ?? Json(HttpStatusCode.Created, new() { ["messageId"] = account.IdOf(message) });
    }

    internal static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString()) };
}

internal sealed class FakeBrevoSmsAccount
{
    private readonly ConcurrentDictionary<string, long> _ids = new();

    /// <summary>Every send call, as it came.</summary>
    public ConcurrentQueue<JsonObject> Calls { get; } = new();

    /// <summary>What the report of events shows.</summary>
    public ConcurrentQueue<JsonObject> Events { get; } = new();

    /// <summary>What happens before the answer, once the message is taken; null answers as Brevo does.</summary>
    public Func<JsonObject, Task<HttpResponseMessage?>> Send { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Brevo's id of a message.</summary>
    public long IdOf(JsonObject message) => _ids.GetOrAdd((string)message["tag"]!, _ => Random.Shared.NextInt64(1, 1L << 53));
}
