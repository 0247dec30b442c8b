using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hosting;

/// <summary>A site of one test's own, and what its plugin, its scripts and its visitors do.</summary>
internal sealed class SiteUnderTest(GatewayUnderTest gateway, Site site, IssuedKeys keys, ContactList list)
{
    public GatewayUnderTest Gateway => gateway;

    public Guid Id => site.Id;

    public string PublicId => keys.Site;

    public IssuedKeys Keys => keys;

    public ContactList List => list;

    public string ListId => Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.List, list.Id);

    public HttpClient Browser { get; } = gateway.CreateClient(new() { AllowAutoRedirect = false });

    /// <summary>A submission with the box ticked, which a test may change.</summary>
    public JsonObject Submission(
        string? key = null,
        string email = "ada@example.org",
        string name = "Ada Lovelace",
        Action<JsonObject>? change = null
    )
    {
        var body = new JsonObject
        {
            ["key"] = key ?? Guid.CreateVersion7().ToString(),
            ["submittedAt"] = "2026-11-23T10:00:00Z",
            ["form"] = new JsonObject
            {
                ["id"] = "4",
                ["title"] = "Contact",
                ["url"] = "https://shop.example/contact/",
                ["locale"] = "en_US",
            },
            ["fields"] = new JsonObject
            {
                ["your-name"] = name,
                ["your-email"] = email,
                ["your-city"] = "Turin",
            },
            ["visitor"] = new JsonObject { ["ip"] = "203.0.113.7", ["userAgent"] = "Mozilla/5.0" },
            ["subscribe"] = new JsonArray(
                new JsonObject
                {
                    ["list"] = ListId,
                    ["email"] = "your-email",
                    ["name"] = "your-name",
                    ["properties"] = new JsonObject { ["city"] = "your-city" },
                    ["consent"] = new JsonObject
                    {
                        ["given"] = true,
                        ["text"] = "Yes, send me the newsletter.",
                        ["policyUrl"] = "https://shop.example/privacy",
                        ["policyVersion"] = "2026-05",
                    },
                }
            ),
        };
        change?.Invoke(body);
        return body;
    }

    public Task<Answer> SubmitAsync(JsonObject submission) =>
        SubmitRawAsync(submission.ToJsonString(), (string?)submission["key"] ?? "k");

    public Task<Answer> SubmitAsync(
        string? key = null,
        string email = "ada@example.org",
        string name = "Ada Lovelace",
        Action<JsonObject>? change = null
    ) => SubmitAsync(Submission(key, email, name, change));

    public Task<Answer> SubmitRawAsync(string body, string id) => SubmitRawAsync(Encoding.UTF8.GetBytes(body), id);

    public Task<Answer> SubmitRawAsync(byte[] body, string id) => SignedAsync(HttpMethod.Post, "submissions", body, id);

    public Task<Answer> SubmitBatchAsync(params JsonNode?[] items) =>
        SignedAsync(
            HttpMethod.Post,
            "submissions/batch",
            Encoding.UTF8.GetBytes(new JsonObject { ["items"] = new JsonArray(items) }.ToJsonString())
        );

    /// <summary>A request as the plugin signs it.</summary>
    public async Task<Answer> SignedAsync(
        HttpMethod method,
        string path,
        byte[]? body = null,
        string? id = null,
        DateTimeOffset? at = null,
        string? secret = null,
        string? siteId = null,
        string mediaType = "application/json"
    )
    {
        body ??= [];
        id ??= Guid.CreateVersion7().ToString();
        var timestamp = (at ?? gateway.Clock.GetUtcNow()).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(method, $"/v1/sites/{siteId ?? PublicId}/{path}");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(
            WebhookSignature.SignatureHeader,
            WebhookSignature.Sign(WebhookSignature.KeyOf(secret ?? keys.SigningSecret), id, timestamp, body)
        );
        if (method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new(mediaType) } };
        }

        using var response = await Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>A request as Zapier or a script makes it, with a token of the given scopes.</summary>
    /// <param name="key">Its Idempotency-Key.</param>
    public async Task<Answer> AuthorizedAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null,
        string? scope = null,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(scope));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>The same with a body that no serializer would write.</summary>
    public async Task<Answer> RawAsync(HttpMethod method, string path, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync());
        using var response = await Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public async Task<string> TokenAsync(string? scope = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = keys.ClientId,
            ["client_secret"] = keys.ClientSecret,
        };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        using var response = await Browser.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
        var answer = await Answer.ReadAsync(response);
        return (string)answer.Json["access_token"]!;
    }

    /// <summary>What the newest mail to an address carries, once at least so many have come.</summary>
    public async Task<MessageSecrets> LinksForAsync(string address, int mails = 1)
    {
        var text = (await gateway.MailsToAsync(address, mails))[^1].TextBody;
        return new(In(@"/c/([\w-]{32})\s", text), In(@"\b(\d{8})\b", text), In(@"/u/([\w-]{32})\s", text), In(@"/p/([\w-]{32})\s", text));
    }

    private static string? In(string pattern, string? text) =>
        Regex.Match(text ?? "", pattern) is { Success: true } found ? found.Groups[1].Value : null;

    public Task<int> CountSubmissionsAsync() => gateway.InDatabaseAsync(db => db.Submissions.CountAsync(row => row.SiteId == Id));

    /// <summary>Waits until a submission has been processed.</summary>
    public Task<Submission> ProcessedAsync(string submissionId)
    {
        var id = Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Submission, submissionId)!.Value;
        return Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.Submissions.AsNoTracking().SingleAsync(row => row.Id == id)),
            row => row.State != SubmissionState.Waiting
        );
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(System.Net.HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The stable code of a problem.</summary>
    public string? Code => (string?)Json["code"];

    public string Id => (string)Json["id"]!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
}
