using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Submissions;

/// <summary>Invariant 14: bad input gets a 4xx problem with a stable code and the field's name; nothing is half stored.</summary>
[Trait("Database", "both")]
public sealed class BadSubmissionTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("\"text\"", "")]
    [InlineData("""{"key":"k"}""", "fields")]
    [InlineData("""{"fields":{}}""", "key")]
    [InlineData("""{"key":5,"fields":{}}""", "key")]
    [InlineData("""{"key":"k","fields":[]}""", "fields")]
    [InlineData("""{"key":"k","fields":{"a":{"b":"c"}}}""", "fields.a")]
    [InlineData("""{"key":"k","fields":{"a":["x",null]}}""", "fields.a")]
    [InlineData("""{"key":"k","fields":{"a":"x\u0000y"}}""", "fields.a")]
    [InlineData("""{"key":"k","fields":{"a":"\ud800"}}""", "fields.a")]
    [InlineData("""{"key":"k","fields":{"":"x"}}""", "fields")]
    [InlineData("""{"key":"k","fields":{},"submittedAt":"yesterday"}""", "submittedAt")]
    [InlineData("""{"key":"k","fields":{},"form":{"id":"a\u0000b"}}""", "form.id")]
    [InlineData("""{"key":"k","fields":{},"subscribe":[null]}""", "subscribe[0]")]
    [InlineData("""{"key":"k","fields":{},"subscribe":[{"email":"e","consent":{"given":true,"text":"t"}}]}""", "subscribe[0].list")]
    [InlineData("""{"key":"k","fields":{},"subscribe":[{"list":"l"}]}""", "subscribe[0].consent")]
    [InlineData("""{"key":"k","fields":{},"subscribe":[{"list":"l","consent":{"given":true}}]}""", "subscribe[0].consent.text")]
    public async Task A_body_that_makes_no_sense_is_a_400_that_names_the_field(string body, string field)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitRawAsync(body, "k");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
        Assert.NotNull(answer.Json["traceId"]);
        if (field.Length > 0)
        {
            Assert.Contains(answer.Json["errors"]!.AsObject(), error => error.Key.StartsWith(field, StringComparison.Ordinal));
        }

        Assert.Equal(0, await site.CountSubmissionsAsync());
    }

    [Theory]
    [InlineData("""{"key":"k","fields":{},"submittedAt":"heute"}""", "submittedAt", "This must be a time in ISO 8601")]
    [InlineData("""{"key":"k","fields":{},"form":"f"}""", "form", "This must be an object.")]
    [InlineData("""{"key":"k","fields":{},"subscribe":{}}""", "subscribe", "This must be a list.")]
    [InlineData(
        """{"key":"k","fields":{},"subscribe":[{"consent":{"given":"yes"}}]}""",
        "subscribe[0].consent.given",
        "This must be true or false."
    )]
    [InlineData(
        """{"key":"k","fields":{},"subscribe":[{"consent":{"given":1}}]}""",
        "subscribe[0].consent.given",
        "This must be true or false."
    )]
    [InlineData("""{"key":"k","fields":{"a":"\ud83d"}}""", "fields.a", "This text holds half of a character")]
    [InlineData("""{"key":"k","fields":{},"form":{"title":"\ude00"}}""", "form.title", "This text holds half of a character")]
    public async Task A_value_of_another_type_is_told_what_it_should_be(string body, string field, string sentence)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitRawAsync(body, "k");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.StartsWith(sentence, (string?)answer.Json["errors"]![field]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_a_400()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitRawAsync([.. """{"key":"k","fields":{"a":" """u8, 0xff, 0xfe, .. "\"}}"u8], "k");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(0, await site.CountSubmissionsAsync());
    }

    [Fact]
    public async Task Three_hundred_fields_are_too_many()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitAsync(change: body =>
        {
            for (var i = 0; i < 300; i++)
            {
                body["fields"]![$"field-{i}"] = "x";
            }
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Json["errors"]!["fields"]);
    }

    [Fact]
    public async Task A_body_over_256_kib_is_too_large()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitAsync(change: body => body["fields"]!["message"] = new string('x', 300 * 1024));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("too_large", answer.Code);
    }

    [Fact]
    public async Task The_key_and_the_webhook_id_must_agree()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitRawAsync(site.Submission(key: "one").ToJsonString(), "other");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Json["errors"]!["key"]);
    }

    [Fact]
    public async Task Another_media_type_is_refused_as_such()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SignedAsync(
            HttpMethod.Post,
            "submissions",
            Encoding.UTF8.GetBytes("key=1"),
            mediaType: "application/x-www-form-urlencoded"
        );

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal("unsupported_media_type", answer.Code);
    }

    [Fact]
    public async Task One_bad_item_of_a_batch_never_fails_the_others()
    {
        var site = await gateway.NewSiteAsync();
        var twice = site.Submission(key: "twice");

        var answer = await site.SubmitBatchAsync(
            site.Submission(key: "good"),
            new JsonObject { ["key"] = "bad" },
            JsonValue.Create(7),
            twice,
            twice.DeepClone(),
            site.Submission(key: "twice", email: "eve@example.org")
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var results = answer.Json["results"]!.AsArray();
        Assert.Equal([202, 400, 400, 202, 202], results.Take(5).Select(result => (int)result!["status"]!));
        Assert.Equal("bad", (string?)results[1]!["key"]);
        Assert.Equal("invalid_request", (string?)results[1]!["problem"]!["code"]);
        Assert.Equal((string?)results[3]!["id"], (string?)results[4]!["id"]);
        Assert.Equal(409, (int)results[5]!["status"]!);
        Assert.Equal("key_reused", (string?)results[5]!["problem"]!["code"]);
        Assert.Equal(2, await site.CountSubmissionsAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_batch_holds_1_to_100_items(int items)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitBatchAsync([.. Enumerable.Range(0, items).Select(_ => site.Submission())]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Json["errors"]!["items"]);
        Assert.Equal(0, await site.CountSubmissionsAsync());
    }

    [Theory]
    [InlineData("O'Brien")]
    [InlineData("Ann  Two  Spaces")]
    [InlineData("50% Lee")]
    [InlineData("🎉 Zoë")]
    [InlineData("مريم العبدالله")]
    [InlineData("Robert'); drop table contacts;--")]
    [InlineData("{{ 7 | times: 6 }}{% for i in (1..9) %}")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("Line\r\nBcc: victim@example.org")]
    public async Task Whatever_people_are_called_is_kept_to_the_letter(string name)
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync((await site.SubmitAsync(name: name)).Id);

        Assert.Equal(Features.Submissions.SubmissionState.Done, row.State);
        Assert.Equal(name, (string?)JsonNode.Parse(row.Body)!["fields"]!["your-name"]);
    }
}
