using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

/// <summary>An account at Mailchimp, in a data centre of its own, with one list.</summary>
internal sealed class FakeMailchimp
{
    private static int s_last;

    public FakeMailchimp(FakeNetwork network)
    {
        var dataCentre = $"us{Interlocked.Increment(ref s_last)}";
        Key = $"0123456789abcdef0123456789abcdef-{dataCentre}";
        network.Answer($"{dataCentre}.mailchimp.test", AnswerAsync);
    }

    public string Key { get; }

    public string ListId { get; } = "a1b2c3d4e5";

    /// <summary>By the address in lower case.</summary>
    public ConcurrentDictionary<string, JsonObject> Members { get; } = new();

    /// <summary>How often somebody was taken as a subscriber, or asked to become one.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>People whom Mailchimp takes back only by a mail of its own.</summary>
    public ConcurrentDictionary<string, bool> InCompliance { get; } = new();

    /// <summary>Merge fields by tag: their names.</summary>
    public ConcurrentDictionary<string, string> Fields { get; } = new() { ["FNAME"] = "First Name", ["LNAME"] = "Last Name" };

    /// <summary>What was asked, as method and the last part of the path.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Answers in the place of Mailchimp; null lets the call through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = _ => null;

    public static HttpResponseMessage Problem(HttpStatusCode status, string title, string detail = "") =>
        FakeList.Json(
            status,
            new JsonObject
            {
                ["title"] = title,
                ["detail"] = detail,
                ["status"] = (int)status,
            }.ToJsonString()
        );

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Calls.Enqueue($"{request.Method} {path[^1]}");
        if (Before(request) is { } other)
        {
            return other;
        }

        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : [];
        var isKnown =
            Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization?.Parameter ?? "")) == $"gateway:{Key}";
        return (request.Method.Method, path) switch
        {
            _ when !isKnown => Problem(HttpStatusCode.Unauthorized, "API Key Invalid"),
            ("GET", [_, "ping"]) => Ok(new JsonObject { ["health_status"] = "Everything's Chimpy!" }),
            ("GET", [_, "lists"]) => Ok(
                new JsonObject
                {
                    ["lists"] = new JsonArray(
                        new JsonObject
                        {
                            ["id"] = ListId,
                            ["name"] = "News",
                            ["stats"] = new JsonObject { ["member_count"] = Members.Count },
                        }
                    ),
                }
            ),
            (_, [_, "lists", var list, ..]) when list != ListId => Problem(HttpStatusCode.NotFound, "Resource Not Found"),
            ("POST", [_, "lists", _]) => SaveAll(body),
            ("GET", [_, _, _, "merge-fields"]) => Ok(
                new JsonObject
                {
                    ["merge_fields"] = new JsonArray([
                        .. Fields.Select(one => new JsonObject
                        {
                            ["tag"] = one.Key,
                            ["name"] = one.Value,
                            ["type"] = "text",
                        }),
                    ]),
                }
            ),
            ("POST", [_, _, _, "merge-fields"]) => AddField((string)body["name"]!),
            ("GET", [_, _, _, "members"]) => Ok(
                new JsonObject
                {
                    ["members"] = new JsonArray([.. Members.Values.Select(one => one.DeepClone())]),
                    ["total_items"] = Members.Count,
                }
            ),
            ("PUT", [_, _, _, "members", var id]) => Save(body, id) ?? Ok(body.DeepClone().AsObject()),
            (_, [_, _, _, "members", var id]) => Find(id) is not { } member ? Problem(HttpStatusCode.NotFound, "Resource Not Found")
            : request.Method == HttpMethod.Get ? Ok(member.DeepClone().AsObject())
            : request.Method == HttpMethod.Delete ? Archive(member)
            : Patch(member, body),
            _ => Problem(HttpStatusCode.NotFound, "Resource Not Found"),
        };
    }

    private HttpResponseMessage SaveAll(JsonObject body)
    {
        var errors = new JsonArray();
        foreach (var member in body["members"]!.AsArray())
        {
            var email = (string)member!["email_address"]!;
            if (Save(member.AsObject(), HashOf(email)) is not null)
            {
                errors.Add(
                    new JsonObject
                    {
                        ["email_address"] = email,
                        ["error"] = "No",
                        ["error_code"] = "ERROR_GENERIC",
                    }
                );
            }
        }

        return Ok(new JsonObject { ["errors"] = errors });
    }

    /// <returns>Why not; null when it was taken.</returns>
    private HttpResponseMessage? Save(JsonObject body, string id)
    {
        var email = (string)body["email_address"]!;
        Assert.Equal(HashOf(email), id);
        var status = (string?)body["status"];
        var isThere = Members.TryGetValue(email, out var known);
        if (email.StartsWith("refused", StringComparison.Ordinal))
        {
            return Problem(
                HttpStatusCode.BadRequest,
                "Invalid Resource",
                $"{email} looks fake or invalid, please enter a real email address."
            );
        }

        if (InCompliance.ContainsKey(email) && (status ?? (string?)body["status_if_new"]) != "pending")
        {
            return Problem(HttpStatusCode.BadRequest, "Member In Compliance State");
        }

        if (body["merge_fields"] is JsonObject fields && fields.FirstOrDefault(one => !Fields.ContainsKey(one.Key)).Key is { } unknown)
        {
            return Problem(HttpStatusCode.BadRequest, "Invalid Resource", $"Your merge fields were invalid: {unknown}");
        }

        var saved = body.DeepClone().AsObject();
        saved["status"] = status ?? (isThere ? (string?)known!["status"] : (string?)body["status_if_new"]);
        Members[email] = saved;
        Taken.AddOrUpdate(email, 1, (_, times) => times + 1);
        return null;
    }

    private HttpResponseMessage AddField(string name)
    {
        var tag = $"MMERGE{Fields.Count + 1}";
        Fields[tag] = name;
        return Ok(
            new JsonObject
            {
                ["tag"] = tag,
                ["name"] = name,
                ["type"] = "text",
            }
        );
    }

    private static HttpResponseMessage Patch(JsonObject member, JsonObject body)
    {
        member["status"] = (string?)body["status"];
        return Ok(member.DeepClone().AsObject());
    }

    private HttpResponseMessage Archive(JsonObject member)
    {
        Members.TryRemove((string)member["email_address"]!, out _);
        return new(HttpStatusCode.NoContent);
    }

    private JsonObject? Find(string id) => Members.FirstOrDefault(one => HashOf(one.Key) == id).Value;

    private static HttpResponseMessage Ok(JsonObject body) => FakeList.Json(HttpStatusCode.OK, body.ToJsonString());

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "Mailchimp names its members so."
    )]
    private static string HashOf(string email) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(email)));
}
