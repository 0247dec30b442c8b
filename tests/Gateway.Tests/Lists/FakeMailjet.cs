using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

/// <summary>
/// Mailjet as the tests of a gateway see it: the installation's account, in which each test has a list of its own, and accounts that tests
/// make.
/// </summary>
internal sealed class FakeMailjet
{
    private const string Installation = "key:secret";

    private readonly ConcurrentDictionary<int, FakeList> _lists = new();
    private readonly ConcurrentDictionary<int, (FakeList List, JsonObject Job)> _jobs = new();
    private int _last = 1000;

    public FakeMailjet(FakeNetwork network) => network.Answer("mailjet.test", AnswerAsync);

    /// <summary>Keys that are good, as <c>key:secret</c>.</summary>
    public ConcurrentDictionary<string, bool> Accounts { get; } = new() { [Installation] = true };

    /// <summary>Properties of the account; a contact with another one is refused, as at Mailjet.</summary>
    public ConcurrentDictionary<string, string> Properties { get; } = new();

    /// <summary>Addresses that get no campaign, whatever list they are on.</summary>
    public ConcurrentDictionary<string, bool> Excluded { get; } = new();

    /// <summary>What a call about one person alone is answered with, by address; of others the truth.</summary>
    public ConcurrentDictionary<string, HttpStatusCode> Unanswered { get; } = new();

    /// <summary>People who were asked for alone.</summary>
    public ConcurrentQueue<string> AskedFor { get; } = new();

    /// <summary>The names of properties in the order they were made.</summary>
    public ConcurrentQueue<string> Made { get; } = new();

    /// <param name="account">The keys of the account that has it.</param>
    public FakeList NewList(string account = Installation)
    {
        var list = new FakeList(Interlocked.Increment(ref _last)) { Account = account };
        return _lists[list.Number] = list;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : [];
        var account = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization?.Parameter ?? ""));
        return (request.Method.Method, path[2], path[^1]) switch
        {
            _ when !Accounts.ContainsKey(account) => Refuse(HttpStatusCode.Unauthorized, "API key authentication/authorization failure."),
            ("GET", "contactslist", "contactslist") => Data([
                .. _lists
                    .Values.Where(list => list.Account == account)
                    .Select(list => new JsonObject { ["ID"] = list.Number, ["Name"] = $"List {list.Number}" }),
            ]),
            ("GET", "contactmetadata", _) => Data([
                .. Properties.Select(one => new JsonObject
                {
                    ["Name"] = one.Key,
                    ["Datatype"] = one.Value,
                    ["NameSpace"] = "static",
                }),
            ]),
            ("POST", "contactmetadata", _) => Make((string)body["Name"]!),
            ("POST", "contactslist", "managecontact") when _lists.TryGetValue(Number(path[3]), out var list) && list.Account == account =>
                await list.AnswerAsync(request, () => Manage(list, body), ct),
            ("POST", "contact", "managemanycontacts")
                when _lists.TryGetValue((int)body["ContactsLists"]![0]!["ListID"]!, out var list) && list.Account == account =>
                await list.AnswerAsync(request, () => Start(list, body), ct),
            ("GET", "contact" or "listrecipient", "contact" or "listrecipient")
                when _lists.TryGetValue(Number(Asked(request, "ContactsList")), out var list) => await list.AnswerAsync(
                request,
                () => People(list, request, path[^1]),
                ct
            ),
            ("GET", "contact", "getcontactslists") => Person(Uri.UnescapeDataString(path[3])),
            ("PUT", "contact", var address) when Unanswered.TryGetValue(Uri.UnescapeDataString(address), out var status) => Refuse(
                status,
                "No"
            ),
            ("PUT", "contact", var address) => Exclude(Uri.UnescapeDataString(address), (bool)body["IsExcludedFromCampaigns"]!),
            ("GET", "contact", var job) when _jobs.TryGetValue(Number(job), out var started) => await started.List.AnswerAsync(
                request,
                () => Look(started),
                ct
            ),
            _ => Refuse(HttpStatusCode.NotFound, "Object not found"),
        };
    }

    /// <summary>Contacts have numbers, and another resource tells by these who left.</summary>
    private HttpResponseMessage People(FakeList list, HttpRequestMessage request, string resource)
    {
        if (Asked(request, "countOnly") == "1")
        {
            return FakeList.Json(
                HttpStatusCode.OK,
                new JsonObject
                {
                    ["Count"] = list.People.Count,
                    ["Data"] = new JsonArray(),
                    ["Total"] = list.Total ?? list.People.Count,
                }.ToJsonString()
            );
        }

        var at = list.LeftAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
        var (offset, limit) = (Asked(request, "Offset"), Asked(request, "Limit"));
        return resource == "contact"
            ? Data([
                .. list.Page(offset, limit)
                    .Select(one => new JsonObject
                    {
                        ["ID"] = one.At,
                        ["Email"] = one.Email,
                        ["IsExcludedFromCampaigns"] = Excluded.ContainsKey(one.Email),
                        ["ExclusionFromCampaignsUpdatedAt"] = Excluded.ContainsKey(one.Email) ? at : "",
                        ["CreatedAt"] = list.KnownSince?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "",
                    }),
            ])
            : Data([
                .. list.Page(null, "10000")
                    .Where(one => one.IsOff)
                    .Skip(Number(offset))
                    .Take(Number(limit))
                    .Select(one => new JsonObject
                    {
                        ["ContactID"] = one.At,
                        ["IsUnsubscribed"] = true,
                        ["UnsubscribedAt"] = at,
                    }),
            ]);
    }

    private HttpResponseMessage Person(string address)
    {
        AskedFor.Enqueue(address);
        var lists = _lists
            .Values.Where(list => list.People.ContainsKey(address))
            .Select(list => new JsonObject { ["ListID"] = list.Number });
        return Unanswered.TryGetValue(address, out var status) ? Refuse(status, "No")
            : lists.Any() ? Data([.. lists])
            : Refuse(HttpStatusCode.NotFound, "Object not found");
    }

    private static string Asked(HttpRequestMessage request, string name) =>
        System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query)[name] ?? "0";

    private HttpResponseMessage Make(string name)
    {
        Made.Enqueue(name);
        return Properties.TryAdd(name, "str")
            ? Data(new JsonObject { ["Name"] = name }, HttpStatusCode.Created)
            : Refuse(HttpStatusCode.BadRequest, $"MJ18 A ContactMetadata resource with value \"{name}\" for Name already exists.");
    }

    private HttpResponseMessage Exclude(string address, bool isExcluded)
    {
        var changes = Excluded.TryRemove(address, out _) != isExcluded;
        if (isExcluded)
        {
            Excluded[address] = true;
        }

        return changes ? Data(new JsonObject { ["Email"] = address }) : new HttpResponseMessage(HttpStatusCode.NotModified);
    }

    private HttpResponseMessage Manage(FakeList list, JsonObject body)
    {
        if (Unfit(body) is { } unfit)
        {
            return Refuse(HttpStatusCode.BadRequest, $"Invalid value for property \"{unfit}\"");
        }

        if (Unknown(body) is { } property)
        {
            return Refuse(HttpStatusCode.BadRequest, $"Invalid key name: \"{property}\"");
        }

        if (((string)body["Email"]!).StartsWith("refused", StringComparison.Ordinal))
        {
            return Refuse(HttpStatusCode.BadRequest, $"Invalid email address: \"{body["Email"]}\"");
        }

        list.Told.Enqueue(new((string)body["Email"]!, (string)body["Action"]!, body));
        return Data(new JsonObject { ["ContactID"] = 1 }, HttpStatusCode.Created);
    }

    private HttpResponseMessage Start(FakeList list, JsonObject body)
    {
        var id = Interlocked.Increment(ref _last);
        body["looks"] = list.LooksUntilDone;
        _jobs[id] = (list, body);
        return Data(new JsonObject { ["JobID"] = id }, HttpStatusCode.Created);
    }

    /// <summary>The work is done at the look that reports the end.</summary>
    private HttpResponseMessage Look((FakeList List, JsonObject Job) started)
    {
        var (list, job) = started;
        var looks = (int)job["looks"]!;
        job["looks"] = looks - 1;
        if (looks > 0)
        {
            return Data(new JsonObject { ["Status"] = "In Progress" });
        }

        var people = job["Contacts"]!.AsArray().Select(one => one!.AsObject()).ToList();
        var good = people
            .Where(one => Unknown(one) is null && !((string)one["Email"]!).StartsWith("refused", StringComparison.Ordinal))
            .ToList();
        foreach (var one in good)
        {
            list.Told.Enqueue(new((string)one["Email"]!, (string)job["ContactsLists"]![0]!["Action"]!, one));
        }

        return Data(
            new JsonObject
            {
                ["Status"] = good.Count == people.Count ? "Completed" : "Error",
                ["Count"] = good.Count,
                ["Error"] = good.Count == people.Count ? "" : "invalid email",
            }
        );
    }

    /// <summary>A property whose value is not of its type.</summary>
    private string? Unfit(JsonObject person) =>
        (person[nameof(Properties)] as JsonObject)
            ?.Where(one => !Fits(Properties.GetValueOrDefault(one.Key, "str"), one.Value!.AsValue()))
            .Select(one => one.Key)
            .FirstOrDefault();

    private static bool Fits(string type, JsonValue value) =>
        type switch
        {
            "int" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.TryGetValue<long>(out _),
            "datetime" => value.TryGetValue<string>(out var text)
                && DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };

    private string? Unknown(JsonObject person) =>
        (person[nameof(Properties)] as JsonObject)?.Select(one => one.Key).FirstOrDefault(name => !Properties.ContainsKey(name));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static HttpResponseMessage Data(JsonNode row, HttpStatusCode status = HttpStatusCode.OK) => Data(new JsonArray(row), status);

    private static HttpResponseMessage Data(JsonArray rows, HttpStatusCode status = HttpStatusCode.OK) =>
        FakeList.Json(
            status,
            new JsonObject
            {
                ["Count"] = rows.Count,
                ["Data"] = rows,
                ["Total"] = rows.Count,
            }.ToJsonString()
        );

    private static HttpResponseMessage Refuse(HttpStatusCode status, string message) =>
        FakeList.Json(
            status,
            new JsonObject
            {
                ["ErrorInfo"] = "",
                ["ErrorMessage"] = message,
                ["StatusCode"] = (int)status,
            }.ToJsonString()
        );
}
