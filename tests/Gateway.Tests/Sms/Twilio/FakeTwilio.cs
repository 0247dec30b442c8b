using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sms.Twilio;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Tests.Sms.Twilio;

/// <summary>
/// Twilio as the tests of a gateway see it: each test has an account of its own, and decides what happens to its send calls.
/// </summary>
internal sealed class FakeTwilio
{
    private readonly GatewayUnderTest _gateway;
    private readonly ConcurrentDictionary<string, FakeTwilioAccount> _accounts = new();

    public FakeTwilio(GatewayUnderTest gateway)
    {
        _gateway = gateway;
        gateway.Network.Answer("twilio.test", AnswerAsync);
    }

    public FakeTwilioAccount Account(string sid) => _accounts.GetOrAdd(sid, _ => new());

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var account = Account(path[2]);
        if (request.Method == HttpMethod.Get)
        {
            return path.Length == 5
                ? account.Messages.TryGetValue(Path.GetFileNameWithoutExtension(path[4]), out var one)
                    ? Json(HttpStatusCode.OK, one)
                    : Json(HttpStatusCode.NotFound, new())
                : Json(
                    HttpStatusCode.OK,
                    new() { ["messages"] = new JsonArray([.. account.Messages.Values.Select(message => message.DeepClone())]) }
                );
        }

        if (account.Server is { } server)
        {
            return await _gateway.Network.OverWireAsync(TwilioSms.HttpName, request, server, ct);
        }

        var form = QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(ct));
        account.Calls.Enqueue(new Uri(form["StatusCallback"]!));
        var sid = $"SM{Guid.CreateVersion7():N}";
        var message = (JsonObject)
            JsonNode.Parse(
                TwilioSmsTests.Message(change: shown =>
                {
                    (shown["sid"], shown["to"], shown["body"], shown["from"]) = (
                        sid,
                        (string?)form["To"],
                        (string?)form["Body"],
                        (string?)form["From"]
                    );
                    shown["date_created"] = _gateway.Clock.GetUtcNow().ToString("R");
                })
            )!;
        account.Messages[sid] = message;
        return await account.Send(sid) ?? Json(HttpStatusCode.Created, message);
    }

    internal static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString()) };
}

internal sealed class FakeTwilioAccount
{
    public ConcurrentDictionary<string, JsonObject> Messages { get; } = new();

    /// <summary>Where the receipts of each send call were asked to be told.</summary>
    public ConcurrentQueue<Uri> Calls { get; } = new();

    /// <summary>Where send calls go instead: the address of a server that answers them byte by byte.</summary>
    public string? Server { get; set; }

    /// <summary>What happens before the answer, once the message is taken; null answers as Twilio does.</summary>
    public Func<string, Task<HttpResponseMessage?>> Send { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);
}
