using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

/// <summary>A listmonk server with one list, at a name of its own.</summary>
internal sealed partial class FakeListmonk
{
    private const string Token = "W8rL0pXq2sT4";

    private static int s_last;

    private readonly bool _isOlder;
    private int _lastId = 40;

    /// <param name="isOlder">Whether it lacks the calls that came last: the one that adds or changes, and PATCH.</param>
    public FakeListmonk(FakeNetwork network, bool isOlder)
    {
        _isOlder = isOlder;
        var host = $"lists{Interlocked.Increment(ref s_last)}.listmonk.example";
        Url = $"https://{host}/mail";
        network.Answer(host, AnswerAsync);
    }

    public string Url { get; }

    public int List { get; } = 3;

    /// <summary>Another list there, which nobody here knows.</summary>
    public int OtherList { get; } = 8;

    /// <summary>By address.</summary>
    public ConcurrentDictionary<string, JsonObject> Subscribers { get; } = new();

    /// <summary>How often somebody became a confirmed member of the list.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>Answers in the place of listmonk; null lets the call through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = _ => null;

    public JsonObject SettingsWith(string token = Token) =>
        new()
        {
            ["url"] = Url + "/",
            ["user"] = "gateway",
            ["token"] = token,
        };

    /// <summary>Whether replacing a subscriber confirms also where they unsubscribed, as 4.0.0 to 5.0.1 do.</summary>
    public bool OverwritesUnsubscribed { get; init; }

    public string? StatusOf(string email, int list) =>
        Subscribers.TryGetValue(email, out var one) ? (string?)one["subscriptions"]![Text(list)] : null;

    /// <summary>Somebody who is there without us.</summary>
    public void Add(string email, string status, params (int List, string Status)[] subscriptions) =>
        Subscribers[email] = new JsonObject
        {
            ["id"] = Interlocked.Increment(ref _lastId),
            ["email"] = email,
            ["name"] = "Known There",
            ["status"] = status,
            ["attribs"] = new JsonObject { ["crm"] = "4711" },
            ["subscriptions"] = new JsonObject(subscriptions.Select(one => KeyValuePair.Create(Text(one.List), (JsonNode?)one.Status))),
        };

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (Before(request) is { } other)
        {
            return other;
        }

        Assert.StartsWith("/mail/api/", request.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        var path = request.RequestUri.AbsolutePath["/mail/api/".Length..].Split('/');
        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : [];
        var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization?.Parameter ?? ""));
        lock (Subscribers)
        {
            return (request.Method.Method, path) switch
            {
                _ when credentials != $"gateway:{Token}" => Error(HttpStatusCode.Forbidden, "invalid API credentials"),
                ("GET", ["lists"]) => Data(
                    Page([
                        new JsonObject
                        {
                            ["id"] = List,
                            ["name"] = "News",
                            ["subscriber_count"] = Subscribers.Count,
                        },
                    ])
                ),
                ("GET", ["lists", var id]) => id == Text(List)
                    ? Data(new JsonObject { ["id"] = List })
                    : Error(HttpStatusCode.BadRequest, "List not found"),
                ("GET", ["subscribers"]) => Data(Page([.. Matching(query["query"], query["list_id"]).Select(Shown)])),
                ("POST", ["subscribers", "subscription"]) when !_isOlder => Save(body),
                ("POST", ["subscribers"]) => Subscribers.ContainsKey((string)body["email"]!)
                    ? Error(HttpStatusCode.Conflict, "E-mail already exists.")
                    : Create(body) ?? Data(Shown(Subscribers[(string)body["email"]!])),
                ("PUT", ["subscribers", "lists"]) => ChangeLists(body),
                ("PATCH", ["subscribers", var id]) when !_isOlder => Change(Subscriber(id), body),
                ("PUT", ["subscribers", var id]) => Replace(Subscriber(id), body),
                _ => Error(HttpStatusCode.MethodNotAllowed, "Method Not Allowed"),
            };
        }
    }

    private JsonObject Subscriber(string id) =>
        Subscribers.Values.Single(one => (int)one["id"]! == int.Parse(id, CultureInfo.InvariantCulture));

    private IEnumerable<JsonObject> Matching(string? query, string? list) =>
        query is null ? Subscribers.Values.Where(one => one["subscriptions"]!.AsObject().ContainsKey(list!))
        : query.Split(" or ").Select(one => ByAddress().Match(one)).ToList() is var all && all.TrueForAll(one => one.Success)
            ? Subscribers.Values.Where(one =>
                all.Exists(match => (string?)one["email"] == match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal))
            )
        : throw new InvalidOperationException($"An expression that nobody expects: {query}");

    /// <returns>Why not; null when it was taken.</returns>
    private HttpResponseMessage? Create(JsonObject body)
    {
        var email = (string)body["email"]!;
        if (email.StartsWith("refused", StringComparison.Ordinal))
        {
            return Error(HttpStatusCode.BadRequest, "Invalid email.");
        }

        Assert.True((bool?)body["preconfirm_subscriptions"], "listmonk would ask the person once more.");
        Add(email, (string?)body["status"] ?? "enabled");
        Subscribers[email]["name"] = (string?)body["name"] ?? email.Split('@')[0];
        Subscribers[email]["attribs"] = body["attribs"]?.DeepClone() ?? new JsonObject();
        body["lists"]!.AsArray().ToList().ForEach(list => Confirm(email, (int)list!));
        return null;
    }

    private HttpResponseMessage Save(JsonObject body)
    {
        var email = (string)body["email"]!;
        if (!Subscribers.TryGetValue(email, out var known))
        {
            return Create(body) ?? Data(new JsonObject { ["subscriber"] = Shown(Subscribers[email]), ["created"] = true });
        }

        Assert.Equal("incoming", (string?)body["attribs_conflict"]);
        Merge(known, body);
        if ((string?)known["status"] != "blocklisted")
        {
            body["lists"]!.AsArray().ToList().ForEach(list => Confirm(email, (int)list!));
        }

        return Data(new JsonObject { ["subscriber"] = Shown(known), ["created"] = false });
    }

    private static HttpResponseMessage Change(JsonObject known, JsonObject body)
    {
        Assert.False(body.ContainsKey("lists"), "These would replace the person's lists.");
        Assert.True((bool?)body["preconfirm_subscriptions"], "listmonk would ask the person about every list that waits.");
        Merge(known, body);
        known["status"] = (string?)body["status"] ?? (string?)known["status"];
        return Data(Shown(known));
    }

    private HttpResponseMessage Replace(JsonObject known, JsonObject body)
    {
        known["name"] = (string?)body["name"];
        known["status"] = (string?)body["status"];
        known["attribs"] = body["attribs"]!.DeepClone();
        var lists = body["lists"]!.AsArray().Select(list => Text((int)list!)).ToList();
        var subscriptions = known["subscriptions"]!.AsObject();
        subscriptions.Select(one => one.Key).Except(lists).ToList().ForEach(list => subscriptions.Remove(list));
        foreach (var list in lists.Where(list => OverwritesUnsubscribed || (string?)subscriptions[list] is null or "unconfirmed"))
        {
            subscriptions[list] = (bool?)body["preconfirm_subscriptions"] == true ? "confirmed" : "unconfirmed";
        }

        return Data(Shown(known));
    }

    private HttpResponseMessage ChangeLists(JsonObject body)
    {
        foreach (var id in body["ids"]!.AsArray())
        {
            var known = Subscriber(Text((int)id!));
            var subscriptions = known["subscriptions"]!.AsObject();
            foreach (var list in body["target_list_ids"]!.AsArray().Select(list => (int)list!))
            {
                switch ((string?)body["action"])
                {
                    case "add":
                        Assert.Equal("confirmed", (string?)body["status"]);
                        Confirm((string)known["email"]!, list);
                        break;
                    case "remove":
                        subscriptions.Remove(Text(list));
                        break;
                    default:
                        subscriptions[Text(list)] = subscriptions.ContainsKey(Text(list)) ? "unsubscribed" : null;
                        break;
                }
            }
        }

        return Data(JsonValue.Create(true));
    }

    private void Confirm(string email, int list)
    {
        Subscribers[email]["subscriptions"]![Text(list)] = "confirmed";
        Taken.AddOrUpdate(email, 1, (_, times) => times + 1);
    }

    private static void Merge(JsonObject known, JsonObject body)
    {
        known["name"] = (string?)body["name"] ?? (string?)known["name"];
        foreach (var (name, value) in body["attribs"]?.AsObject() ?? [])
        {
            known["attribs"]![name] = value?.DeepClone();
        }
    }

    private static JsonObject Shown(JsonObject known)
    {
        var shown = known.DeepClone().AsObject();
        shown.Remove("subscriptions");
        shown["lists"] = new JsonArray([
            .. known["subscriptions"]!
                .AsObject()
                .Select(one => new JsonObject
                {
                    ["id"] = int.Parse(one.Key, CultureInfo.InvariantCulture),
                    ["subscription_status"] = (string?)one.Value,
                }),
        ]);
        return shown;
    }

    private static JsonObject Page(JsonArray results) =>
        new()
        {
            ["results"] = results,
            ["total"] = results.Count,
            ["per_page"] = 50,
            ["page"] = 1,
        };

    private static HttpResponseMessage Data(JsonNode? data) =>
        FakeList.Json(HttpStatusCode.OK, new JsonObject { ["data"] = data }.ToJsonString());

    private static HttpResponseMessage Error(HttpStatusCode status, string message) =>
        FakeList.Json(status, new JsonObject { ["message"] = message }.ToJsonString());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^subscribers\.email = '((?:[^']|'')*)'$")]
    private static partial Regex ByAddress();
}
