using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

/// <summary>Brevo as the tests of a gateway see it: one account, in which each test has a list of its own.</summary>
internal sealed class FakeBrevo
{
    private readonly ConcurrentDictionary<int, FakeList> _lists = new();
    private int _last = 1000;

    public FakeBrevo(FakeNetwork network) => network.Answer("brevo.test", AnswerAsync);

    /// <summary>What a question about one person alone is answered with, by address; of others the truth.</summary>
    public ConcurrentDictionary<string, HttpStatusCode> Unanswered { get; } = new();

    /// <summary>People who were asked for alone.</summary>
    public ConcurrentQueue<string> AskedFor { get; } = new();

    /// <summary>Attributes of the account and what they hold.</summary>
    public ConcurrentDictionary<string, string> Types { get; } = new() { ["FIRSTNAME"] = "text", ["DOUBLE_OPT-IN"] = "text" };

    /// <summary>The names of attributes in the order they were made.</summary>
    public ConcurrentQueue<string> Made { get; } = new();

    public FakeList NewList()
    {
        var list = new FakeList(Interlocked.Increment(ref _last));
        return _lists[list.Number] = list;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : [];
        return (request.Method.Method, path) switch
        {
            _ when !request.Headers.TryGetValues("api-key", out var keys) || keys.Single() != "key" => Refuse(
                HttpStatusCode.Unauthorized,
                "Key not found"
            ),
            ("GET", [_, _, "attributes"]) => FakeList.Json(
                HttpStatusCode.OK,
                new JsonObject
                {
                    ["attributes"] = new JsonArray([
                        .. Types.Select(one => new JsonObject
                        {
                            ["name"] = one.Key,
                            ["category"] = "normal",
                            ["type"] = one.Value,
                        }),
                    ]),
                }.ToJsonString()
            ),
            ("GET", [_, _, "lists", var id, "contacts"])
                when _lists.TryGetValue(int.Parse(id, CultureInfo.InvariantCulture), out var list) => await list.AnswerAsync(
                request,
                () => People(list, request),
                ct
            ),
            ("GET", [_, "contacts", var email]) => Person(Uri.UnescapeDataString(email)),
            ("POST", [_, _, "attributes", "normal", var name]) => Make(name),
            ("POST", [_, "contacts"]) when _lists.TryGetValue((int)body["listIds"]![0]!, out var list) => await list.AnswerAsync(
                request,
                () => Save(list, body),
                ct
            ),
            ("POST", [_, _, "lists", var number, _, "remove"])
                when _lists.TryGetValue(int.Parse(number, CultureInfo.InvariantCulture), out var list) => await list.AnswerAsync(
                request,
                () => Remove(list, body),
                ct
            ),
            _ => Refuse(HttpStatusCode.NotFound, "List ID does not exist"),
        };
    }

    private HttpResponseMessage Make(string name)
    {
        Made.Enqueue(name);
        return Types.TryAdd(name, "text")
            ? FakeList.Json(HttpStatusCode.Created, "{}")
            : Refuse(HttpStatusCode.BadRequest, "Attribute name must be unique");
    }

    private static HttpResponseMessage People(FakeList list, HttpRequestMessage request)
    {
        var asked = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var rows = list.Page(asked["offset"], asked["limit"])
            .Select(one => new JsonObject
            {
                ["email"] = one.Email,
                ["emailBlacklisted"] = false,
                ["listUnsubscribed"] = one.IsOff ? new JsonArray(list.Number) : null,
                ["createdAt"] = list.KnownSince?.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
            });
        return FakeList.Json(
            HttpStatusCode.OK,
            new JsonObject { ["contacts"] = new JsonArray([.. rows]), ["count"] = list.Total ?? list.People.Count }.ToJsonString()
        );
    }

    private HttpResponseMessage Person(string email)
    {
        AskedFor.Enqueue(email);
        var lists = _lists.Values.Where(list => list.People.ContainsKey(email)).Select(list => (JsonNode)list.Number).ToArray();
        return Unanswered.TryGetValue(email, out var status) ? FakeList.Json(status, "{}")
            : lists.Length == 0 && !_lists.Values.Any(list => list.About(email).Any())
                ? FakeList.Json(HttpStatusCode.NotFound, """{"code":"document_not_found","message":"Contact does not exist"}""")
            : FakeList.Json(HttpStatusCode.OK, new JsonObject { ["email"] = email, ["listIds"] = new JsonArray(lists) }.ToJsonString());
    }

    private static HttpResponseMessage Save(FakeList list, JsonObject body)
    {
        var email = (string)body["email"]!;
        if (email.StartsWith("refused", StringComparison.Ordinal))
        {
            return Refuse(HttpStatusCode.BadRequest, "Invalid email address");
        }

        var isKnown = list.About(email).Any();
        list.Told.Enqueue(new(email, "save", body));
        return isKnown ? new HttpResponseMessage(HttpStatusCode.NoContent) : FakeList.Json(HttpStatusCode.Created, """{"id":1}""");
    }

    private static HttpResponseMessage Remove(FakeList list, JsonObject body)
    {
        var emails = body["emails"]!.AsArray().Select(email => (string)email!).ToList();
        var members = emails.Where(email => list.About(email).LastOrDefault()?.Action == "save").ToList();
        foreach (var email in emails)
        {
            list.Told.Enqueue(new(email, "remove", body));
        }

        return members.Count == 0
            ? Refuse(HttpStatusCode.BadRequest, "Contact already removed from list and/or does not exist")
            : FakeList.Json(HttpStatusCode.Created, """{"contacts":{"success":[],"failure":[]}}""");
    }

    private static HttpResponseMessage Refuse(HttpStatusCode status, string message) =>
        FakeList.Json(status, new JsonObject { ["code"] = "invalid_parameter", ["message"] = message }.ToJsonString());
}
