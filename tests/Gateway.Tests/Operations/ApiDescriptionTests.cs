using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Operations;

public sealed class ApiDescriptionTests
{
    private const string Address = "/openapi/v1.json";
    private static readonly string Committed = Path.Combine(Repository.Root, "docs/openapi.json");

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_committed_description_is_what_the_code_says()
    {
        var described = await DescribeAsync();
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_OPENAPI") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Committed)!);
            await File.WriteAllTextAsync(Committed, described);
        }

        Assert.True(
            described == await File.ReadAllTextAsync(Committed),
            "docs/openapi.json is not what the code says. If the change of the API is meant, run the tests with GATEWAY_WRITE_OPENAPI=1 "
                + "and commit the file."
        );
    }

    [Fact]
    public async Task Pages_and_operations_are_no_part_of_the_api()
    {
        var paths = (await ReadAsync())["paths"]!.AsObject().Select(path => path.Key).ToList();

        Assert.Contains("/v1/sites/{site}/submissions", paths);
        Assert.All(paths, path => Assert.Matches("^/(v1|oauth)/", path));
    }

    [Fact]
    public async Task Every_operation_is_named_described_tagged_and_says_who_may_call_and_which_problems_it_answers()
    {
        var tags = (await ReadAsync())["tags"]!.AsArray();
        Assert.All(tags, tag => Assert.NotEmpty((string)tag!["description"]!));
        Assert.All(
            await OperationsAsync(),
            operation =>
            {
                Assert.NotEmpty((string)operation["operationId"]!);
                Assert.NotEmpty((string)operation["summary"]!);
                Assert.True(
                    (string?)operation["description"] is { Length: > 0 },
                    $"DescribeOperations lacks {operation["operationId"]}."
                );
                Assert.NotEmpty(operation["tags"]!.AsArray());
                Assert.NotNull(operation["security"]);
                var problems = operation["responses"]!
                    .AsObject()
                    .Where(answer => answer.Key[0] != '2')
                    .Select(answer => answer.Value!)
                    .ToList();
                Assert.NotEmpty(problems);
                Assert.All(problems, problem => Assert.Matches("/(Problem|OAuthError)$", SchemaOf(problem)));
                Assert.All(problems, problem => Assert.Contains('`', (string)problem["description"]!));
            }
        );
    }

    /// <summary>Clients are generated of it: what may be left out must not be asked for, and what is asked for is not null.</summary>
    [Fact]
    public async Task What_must_be_there_is_never_null_and_what_has_a_default_may_be_left_out()
    {
        var schemas = (await ReadAsync())["components"]!["schemas"]!.AsObject();
        var sms = schemas["SmsRequest"]!;

        Assert.Equal(["to"], Names(sms["required"]));
        Assert.Equal(["text", "template"], sms["oneOf"]!.AsArray().Select(one => Names(one!["required"]).Single()));
        Assert.DoesNotContain("\"default\"", schemas.ToJsonString(), StringComparison.Ordinal);
        Assert.All(
            schemas.SelectMany(schema => Names(schema.Value!["required"]).Select(name => schema.Value!["properties"]![name]!)),
            property =>
                Assert.DoesNotContain(
                    "\"null\"",
                    property["type"]?.ToJsonString() + property["oneOf"]?.ToJsonString(),
                    StringComparison.Ordinal
                )
        );

        static List<string> Names(JsonNode? required) => [.. (required?.AsArray() ?? []).Select(name => (string)name!)];
    }

    [Fact]
    public async Task The_plugin_signs_and_everybody_else_brings_a_token()
    {
        var paths = (await ReadAsync())["paths"]!;

        var plugin = Schemes(paths["/v1/sites/{site}/submissions"]!["post"]!);
        var script = Schemes(paths["/v1/contacts/{id}"]!["delete"]!);

        Assert.Equal(["webhookId", "webhookSignature", "webhookTimestamp"], plugin.Select(scheme => scheme.Key).Order());
        Assert.Equal("""{"bearer":["contacts"]}""", script.ToJsonString());
        Assert.Equal("""[{"clientSecret":[]},{}]""", paths["/oauth/token"]!["post"]!["security"]!.ToJsonString());
    }

    [Fact]
    public async Task The_example_of_a_submission_is_accepted()
    {
        var site = await gateway.NewSiteAsync();
        var example = (await ReadAsync())["paths"]!["/v1/sites/{site}/submissions"]!["post"]!["requestBody"]!["content"]![
            "application/json"
        ]!["example"]!
            .DeepClone()
            .AsObject();

        var answer = await site.SubmitAsync(example);

        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.Status);
    }

    [Fact]
    public async Task Every_placeholder_of_a_path_is_described()
    {
        foreach (var (path, operations) in (await ReadAsync())["paths"]!.AsObject())
        {
            var placeholders = path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));
            Assert.All(
                operations!.AsObject(),
                operation =>
                    Assert.Equal(
                        placeholders,
                        (operation.Value!["parameters"]?.AsArray() ?? [])
                            .Where(parameter => (string?)parameter!["in"] == "path")
                            .Select(parameter => (string?)parameter!["name"])
                    )
            );
        }
    }

    [Fact]
    public async Task The_page_to_read_it_may_run_its_own_script_and_ask_no_other_host()
    {
        using var client = gateway.CreateClient();
        using var answer = await client.GetAsync("/docs/");
        var page = await answer.Content.ReadAsStringAsync();
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        Assert.DoesNotContain("//", page.Replace("<!doctype", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy, StringComparison.Ordinal);
        Assert.All(
            policy.Split(';', StringSplitOptions.TrimEntries).SelectMany(directive => directive.Split(' ').Skip(1)),
            source => Assert.Matches("^'(none|self|unsafe-inline|nonce-[A-Za-z0-9_-]+)'$", source)
        );
        Assert.Contains($"nonce=\"{policy.Split("'nonce-")[1].Split('\'')[0]}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'unsafe-inline'", policy, StringComparison.Ordinal);
    }

    private static string SchemaOf(JsonNode answer) => (string)Assert.Single(answer["content"]!.AsObject()).Value!["schema"]!["$ref"]!;

    private static JsonObject Schemes(JsonNode operation) => Assert.Single(operation["security"]!.AsArray())!.AsObject();

    private async Task<IEnumerable<JsonNode>> OperationsAsync() =>
        (await ReadAsync())["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!);

    private async Task<JsonNode> ReadAsync() => JsonNode.Parse(await DescribeAsync())!;

    private async Task<string> DescribeAsync()
    {
        using var client = gateway.CreateClient();
        return (await client.GetStringAsync(Address)).ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
