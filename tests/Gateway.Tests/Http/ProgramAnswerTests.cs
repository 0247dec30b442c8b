using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentValidation;
using Gateway.Tests.Hosting;
using Gateway.Tests.Templates;
using Gateway.Tests.Templates.Segments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Http;

/// <summary>What programs are told, whatever they send: a problem with a code and a sentence, in nobody's framework's words.</summary>
public sealed class ProgramAnswerTests
{
    /// <summary>Words of those who program the gateway, which tell its callers nothing.</summary>
    private static readonly string[] FrameworkWords = ["parameter", "Implicit", "inferred", "bind", "Failed to", "System.", "Microsoft"];

    private static readonly string[] Tried = ["GET", "HEAD", "PATCH"];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("GET", "/v1/nothing", null, null, HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/nothing", null, null, HttpStatusCode.NotFound, "not_found")]
    [InlineData("PATCH", "/v1/hooks", null, null, HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("PUT", "/oauth/token", null, null, HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/v1/hooks", null, "", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("POST", "/v1/hooks", "application/json", "", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("POST", "/v1/hooks", "application/json", "{", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("POST", "/v1/hooks", "application/json", "null", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("POST", "/v1/hooks", "application/json", """{"event":"\ud800"}""", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("POST", "/v1/hooks", "text/plain", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("POST", "/v1/hooks", "text/json; charset=utf-7", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("POST", "/v1/hooks", "text/json; charset=x-none", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("GET", "/v1/hooks?limit=%00", null, null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("GET", "/v1/hooks?limit=1%0A", null, null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("GET", "/v1/hooks/%E2%80%AE/deliveries", null, null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("DELETE", "/v1/hooks/%01", null, null, HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Every_refusal_has_a_code_and_a_sentence(
        string method,
        string path,
        string? type,
        string? text,
        HttpStatusCode status,
        string code
    )
    {
        var site = await gateway.NewSiteAsync();
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = new("Bearer", await site.TokenAsync());
        if (text is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await site.Browser.SendAsync(request);

        await IsProblemAsync(response, status, code);
    }

    [Fact]
    public async Task What_is_too_large_is_a_problem_too()
    {
        await using var server = await KestrelFront.StartAsync(gateway);
        using var client = new HttpClient { BaseAddress = server.Address };
        var site = await gateway.NewSiteAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await site.TokenAsync());

        using var answer = await client.PostAsync(
            "/v1/hooks",
            new StringContent(new string(' ', 20_000) + "{}", Encoding.UTF8, "application/json")
        );

        await IsProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    [InlineData("nonsense")]
    public async Task A_program_that_accepts_something_else_still_gets_the_reason(string accept)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await client.SendAsync(request);

        await IsProblemAsync(response, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("[::")]
    [InlineData("name:99999")]
    [InlineData("user@name")]
    [InlineData("name/path")]
    [InlineData("ᚠᚢᚦᚨᚱᚲᚷᚹᚺᚾᛁᛃᛇᛈᛉᛊᛏᛒᛖᛗᛚᛜᛞᛟᚠᚢᚦᚨᚱᚲ%")]
    public async Task A_host_that_is_none_is_refused_on_pages_too(string host)
    {
        foreach (var path in new[] { "/c", "/v1/me", "/" })
        {
            var answer = await gateway.Server.SendAsync(http =>
            {
                http.Request.Method = HttpMethods.Get;
                http.Request.Path = path;
                http.Request.Host = new(host);
                http.Request.Protocol = HttpProtocol.Http11;
            });

            Assert.Equal(StatusCodes.Status400BadRequest, answer.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("from=0001-01-01T00:00:00Z")]
    [InlineData("to=0001-01-01T00:00:00Z")]
    [InlineData("to=0001-01-01T00:00:00%2B14:00")]
    [InlineData("to=9999-12-31T23:59:59Z")]
    [InlineData("to=9999-12-31T23:59:59-14:00")]
    [InlineData("from=2026-01-01T00:00:00Z&to=%E2%80%AE")]
    [InlineData("form=%00")]
    public async Task Times_at_the_ends_of_the_calendar_are_a_400(string query)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SignedAsync(HttpMethod.Get, "status?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
    }

    [Fact]
    public async Task What_a_site_reads_is_kept_by_nobody_between()
    {
        var site = await gateway.NewSiteAsync();

        foreach (var path in new[] { "/v1/me", "/v1/lists", "/v1/hooks", "/v1/sms/sms_0", "/v1/nothing" })
        {
            Assert.Equal("no-store", (await site.AuthorizedAsync(HttpMethod.Get, path)).Headers.CacheControl?.ToString());
        }

        using var client = gateway.CreateClient();
        using var refused = await client.GetAsync("/v1/me");
        Assert.Equal("no-store", refused.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("/v1/me")]
    [InlineData("/v1/lists")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/c")]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    [InlineData("/.well-known/security.txt")]
    public async Task Head_is_answered_wherever_get_is_without_the_body(string path)
    {
        await using var server = await KestrelFront.StartAsync(gateway);
        using var client = new HttpClient { BaseAddress = server.Address };
        var site = await gateway.NewSiteAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await site.TokenAsync());

        using var get = await client.GetAsync(path);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_405_names_head_beside_get()
    {
        var site = await gateway.NewSiteAsync();
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/hooks");
        request.Headers.Authorization = new("Bearer", await site.TokenAsync());

        using var response = await client.SendAsync(request);

        Assert.Equal(["GET", "HEAD", "POST"], response.Content.Headers.Allow.Order());
    }

    /// <summary>Also at addresses that nothing reads: no page or file may seem to answer to GET there.</summary>
    [Fact]
    public async Task A_method_that_there_is_not_is_a_405_that_names_those_there_are()
    {
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/openapi.json")))!;
        var paths = description["paths"]!.AsObject().ToDictionary(path => path.Key, path => Methods(path.Value!));
        var site = await gateway.NewSiteAsync();
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await site.TokenAsync());

        foreach (var path in paths.Keys.Where(path => path.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            var allowed = paths.Where(other => Covers(other.Key, path)).SelectMany(other => other.Value).Distinct().Order().ToList();
            foreach (var method in Tried.Except(allowed))
            {
                using var request = new HttpRequestMessage(new(method), Regex.Replace(path, "{[a-z]+}", "x", RegexOptions.IgnoreCase));
                using var response = await client.SendAsync(request);

                Assert.Equal(
                    (path, method, HttpStatusCode.MethodNotAllowed, string.Join(' ', allowed)),
                    (path, method, response.StatusCode, string.Join(' ', response.Content.Headers.Allow.Order()))
                );
            }
        }
    }

    /// <summary>The framework's own say what a field must not be, in quotes, and not what to do.</summary>
    [Fact]
    public void Every_rule_about_a_body_has_a_sentence_of_its_own()
    {
        using var scope = gateway.Services.CreateScope();
        var rules =
            from type in typeof(Program).Assembly.GetTypes()
            where type.IsAssignableTo(typeof(IValidator)) && !type.IsAbstract
            from rule in ((IValidator)ActivatorUtilities.CreateInstance(scope.ServiceProvider, type)).CreateDescriptor().Rules
            from component in rule.Components
                // A condition in code gives its sentences by itself, and says nothing where it does.
            where component.Validator.Name != "PredicateValidator"
            select (Rule: $"{type.FullName}: {rule.PropertyName}", Sentence: component.GetUnformattedErrorMessage());

        Assert.NotEmpty(rules);
        Assert.DoesNotContain(rules, rule => rule.Sentence.Contains("{PropertyName}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/hooks", "event is needed")]
    [InlineData("/v1/failed/replay", "cause is needed")]
    public async Task A_field_that_is_missing_is_asked_for(string path, string told)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AuthorizedAsync(HttpMethod.Post, path, new JsonObject(), scope: "hooks operate");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(told, (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_made_says_where_it_can_be_read()
    {
        var site = await gateway.NewSiteAsync();
        Answer[] made =
        [
            await site.AuthorizedAsync(
                HttpMethod.Post,
                "/v1/hooks",
                new JsonObject { ["event"] = "sms.sent", ["url"] = "https://hooks.example.org/1" }
            ),
            await site.AddTemplateAsync("ours"),
            await site.AddSegmentAsync("french", "country = \"FR\""),
        ];

        foreach (var one in made)
        {
            Assert.Equal(HttpStatusCode.Created, one.Status);
            var read = await site.AuthorizedAsync(HttpMethod.Get, one.Headers.Location!.ToString());
            Assert.Equal((HttpStatusCode.OK, one.Id), (read.Status, read.Id));
        }
    }

    [Fact]
    public async Task The_description_is_made_once_and_not_sent_again_to_who_has_it()
    {
        using var client = gateway.CreateClient();
        using var first = await client.GetAsync("/openapi/v1.json");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.True(first.Headers.CacheControl!.Public);
    }

    [Fact]
    public async Task Whoever_finds_a_hole_is_told_whom_to_write_to()
    {
        using var client = gateway.CreateClient();

        using var answer = await client.GetAsync("/.well-known/security.txt");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Contact: mailto:security@gateway.test\nContact: https://gateway.test/report\nExpires: ", text);
        Assert.Contains("Canonical: http://localhost/.well-known/security.txt\n", text);
    }

    private static List<string> Methods(JsonNode path)
    {
        var methods = path.AsObject().Select(operation => operation.Key.ToUpperInvariant()).Where(name => name != "PARAMETERS").ToList();
        return methods.Contains("GET") ? [.. methods, "HEAD"] : methods;
    }

    /// <summary>Whether the one leads to the other: a parameter takes any text.</summary>
    private static bool Covers(string pattern, string path) =>
        pattern.Split('/') is var parts
        && path.Split('/') is var given
        && parts.Length == given.Length
        && parts.Zip(given).All(pair => pair.First[..Math.Min(1, pair.First.Length)] == "{" || pair.First == pair.Second);

    internal static async Task IsProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json").MediaType, response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        var detail = (string?)problem["detail"];
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.All(FrameworkWords, word => Assert.DoesNotContain(word, text));
    }
}
