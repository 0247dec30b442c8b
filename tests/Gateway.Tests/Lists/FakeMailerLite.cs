using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

/// <summary>MailerLite as the tests of a gateway see it: each test has an account of its own.</summary>
internal sealed class FakeMailerLite
{
    private readonly ConcurrentDictionary<string, FakeMailerLiteAccount> _accounts = new();

    public FakeMailerLite(FakeNetwork network) => network.Answer("mailerlite.test", AnswerAsync);

    public FakeMailerLiteAccount NewAccount()
    {
        var account = new FakeMailerLiteAccount($"token.{Guid.CreateVersion7():N}");
        return _accounts[account.Key] = account;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        Assert.Contains(request.Headers.Accept, accepted => accepted.MediaType == "application/json");
        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : [];
        return request.Headers.Authorization is { Scheme: "Bearer", Parameter: { } key } && _accounts.TryGetValue(key, out var account)
            ? account.Answer(request, body)
            : FakeList.Json(HttpStatusCode.Unauthorized, """{"message":"Unauthenticated."}""");
    }
}

internal sealed class FakeMailerLiteAccount(string key)
{
    private int _last = 100;

    public string Key => key;

    public string Group { get; } = "56489851135100941";

    /// <summary>By address.</summary>
    public ConcurrentDictionary<string, JsonObject> Subscribers { get; } = new();

    /// <summary>How often somebody was saved as a subscriber.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>Fields by key: their names.</summary>
    public ConcurrentDictionary<string, string> Fields { get; } = new() { ["name"] = "Name", ["last_name"] = "Last name" };

    /// <summary>Answers in the place of MailerLite; null lets the call through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = _ => null;

    public HttpResponseMessage Answer(HttpRequestMessage request, JsonObject body)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Before(request)
            ?? (request.Method.Method, path) switch
            {
                ("GET", [_, "groups"]) => Data(
                    new JsonArray(
                        new JsonObject
                        {
                            ["id"] = Group,
                            ["name"] = "News",
                            ["active_count"] = 0,
                        }
                    )
                ),
                ("GET", [_, "fields"]) => Data(
                    new JsonArray([
                        .. Fields.Select(one => new JsonObject
                        {
                            ["key"] = one.Key,
                            ["name"] = one.Value,
                            ["type"] = "text",
                        }),
                    ])
                ),
                ("POST", [_, "fields"]) => AddField((string)body["name"]!),
                ("POST", [_, "subscribers"]) => Save(body),
                ("GET", [_, "subscribers", var email]) => Subscribers.TryGetValue(Uri.UnescapeDataString(email), out var one)
                    ? Data(one.DeepClone())
                    : NotFound(),
                ("DELETE", [_, "subscribers", var id, "groups", var group]) => Leave(id, group),
                _ => NotFound(),
            };
    }

    private HttpResponseMessage Save(JsonObject body)
    {
        var email = (string)body["email"]!;
        if (email.StartsWith("refused", StringComparison.Ordinal))
        {
            return Invalid("email");
        }

        if (body["groups"]!.AsArray().Any(group => (string?)group != Group))
        {
            return Invalid("groups.0");
        }

        var known = Subscribers.GetValueOrDefault(email);
        var saved = body.DeepClone().AsObject();
        saved["id"] = (string?)known?["id"] ?? Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        saved["status"] =
            (string?)known?["status"] == "unsubscribed" && (bool?)body["resubscribe"] != true
                ? "unsubscribed"
                : (string?)body["status"] ?? (string?)known?["status"] ?? "active";
        Subscribers[email] = saved;
        Taken.AddOrUpdate(email, 1, (_, times) => times + 1);
        return FakeList.Json(
            known is null ? HttpStatusCode.Created : HttpStatusCode.OK,
            new JsonObject { ["data"] = saved.DeepClone() }.ToJsonString()
        );
    }

    private HttpResponseMessage Leave(string id, string group)
    {
        var one = Subscribers.Values.FirstOrDefault(subscriber => (string?)subscriber["id"] == id);
        if (one is null || group != Group)
        {
            return NotFound();
        }

        one["groups"] = new JsonArray();
        return new(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage AddField(string name)
    {
        var field = name.ToLowerInvariant().Replace(' ', '_');
        Fields[field] = name;
        return FakeList.Json(
            HttpStatusCode.Created,
            new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["key"] = field,
                    ["name"] = name,
                    ["type"] = "text",
                },
            }.ToJsonString()
        );
    }

    private static HttpResponseMessage Invalid(string field) =>
        FakeList.Json(
            HttpStatusCode.UnprocessableEntity,
            new JsonObject
            {
                ["message"] = "The given data was invalid.",
                ["errors"] = new JsonObject { [field] = new JsonArray("The field is invalid.") },
            }.ToJsonString()
        );

    private static HttpResponseMessage NotFound() => FakeList.Json(HttpStatusCode.NotFound, """{"message":"Resource not found."}""");

    private static HttpResponseMessage Data(JsonNode data) =>
        FakeList.Json(HttpStatusCode.OK, new JsonObject { ["data"] = data }.ToJsonString());
}
