using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Gateway.Tests.Sms;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>JSON as other tools send it: numbers and booleans as what they are, and null for nothing.</summary>
public sealed class TypedJsonTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@typed.example";

    [Fact]
    public async Task Numbers_and_booleans_are_taken_as_texts_and_null_removes()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(email, body => body["properties"] = JsonNode.Parse("""{"note":"old","City":"Turin"}"""));

        var answer = await site.ProveAsync(
            email,
            body =>
                body["properties"] = JsonNode.Parse(
                    """{"age":42,"vip":true,"big":12345678901234567890,"rate":1.50,"note":null,"city":"Rome"}"""
                )
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            """{"City":"Rome","age":"42","vip":"true","big":"12345678901234567890","rate":"1.50"}""",
            answer.Json["properties"]!.ToJsonString()
        );
        Assert.Equal(
            answer.Json["properties"]!.ToJsonString(),
            (await site.ReadContactAsync(answer.Id)).Json["properties"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task What_was_removed_is_emptied_at_the_provider()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ProveAsync(email, body => body["properties"] = JsonNode.Parse("""{"city":"Turin"}"""));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(list.About(email).Any()));

        await site.ProveAsync(email, body => body["properties"] = JsonNode.Parse("""{"city":null}"""));

        await Eventually.BecomesTrueAsync(() => Task.FromResult((string?)list.About(email).Last().Body["Properties"]?["city"] is ""));
    }

    [Theory]
    [InlineData("""{"properties":{"tags":["a","b"]}}""", "properties.tags", "a text, not a list")]
    [InlineData("""{"properties":{"my tag":{"a":1}}}""", "properties.my tag", "a text, not an object")]
    [InlineData("""{"properties":["a"]}""", "properties", "an object")]
    [InlineData("""{"consent":"yes"}""", "consent", "an object")]
    [InlineData("""{"name":{"first":"Ann"}}""", "name", "a text, not an object")]
    [InlineData("""{"properties":{"City":"a","city":"b"}}""", "properties.city", "named twice")]
    [InlineData("""{"properties":{"caf\u00e9":"a","CAFE\u0301":"b"}}""", "properties.CAFE\u0301", "named twice")]
    public async Task Another_type_is_refused_with_its_field_and_the_type_that_is_expected(string json, string field, string sentence)
    {
        var site = await gateway.NewSiteAsync();
        var body = site.Contact(email);
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var answer = await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts", body, "contacts");
        var item = site.Change(email);
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
        {
            item[name] = value?.DeepClone();
        }

        var inBatch = await site.ChangeContactAsync(item);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Contains(sentence, (string?)answer.Json["errors"]![field]![0], StringComparison.Ordinal);
        Assert.Contains(sentence, (string?)inBatch["problem"]!["errors"]![field]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_may_hold_numbers_and_booleans()
    {
        var site = await gateway.NewSiteAsync();

        var sent = await site.SubmitAsync(
            email: email,
            change: body =>
            {
                body["fields"]!["age"] = 42;
                body["fields"]!["vip"] = true;
                body["fields"]!["sizes"] = new JsonArray(1, 2.5, "L");
                body["subscribe"]![0]!["properties"] = JsonNode.Parse("""{"age":"age","vip":"vip","sizes":"sizes"}""");
            }
        );
        await site.ProcessedAsync(sent.Id);
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);

        Assert.Equal(
            """{"age":"42","vip":"true","sizes":"1, 2.5, L"}""",
            await gateway.InDatabaseAsync(db =>
                db.Contacts.Where(row => row.AddressKey == email).Select(row => row.Properties).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task Properties_of_a_form_that_cannot_be_kept_are_left_out_with_a_remark_and_the_person_signs_up()
    {
        var site = await gateway.NewSiteAsync();
        var names = new[] { "Größe", "gro\u0308ße", new string('x', 61), "a\nb", "bio" };
        await site.ProcessedAsync(
            (
                await site.SubmitAsync(
                    email: email,
                    change: body =>
                    {
                        body["fields"]!["first"] = "42";
                        body["fields"]!["long"] = new string('x', 1001);
                        body["subscribe"]![0]!["properties"] = new JsonObject(
                            names.Select(name => KeyValuePair.Create(name, (JsonNode?)(name == "bio" ? "long" : "first")))
                        );
                    }
                )
            ).Id
        );
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);

        var id = await gateway.InDatabaseAsync(db =>
            db.Contacts.Where(row => row.AddressKey == email).Select(row => row.Id).SingleAsync()
        );
        var contact = await site.ReadContactAsync(PublicId.Format(PublicId.Contact, id));

        Assert.Equal(
            """{"Größe":"42"}""",
            contact.Json["properties"]!.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        );
        Assert.Equal(
            $"The sign-up was taken without \"{names[1]}\" (named twice: capitals and small letters make no difference), "
                + $"\"{names[2]}\" (a name has at most 60 characters, and no control characters), "
                + "\"a b\" (a name has at most 60 characters, and no control characters), "
                + "\"bio\" (a value has at most 1000 characters).",
            (string?)contact.Json["subscriptions"]![0]!["remark"]
        );
    }

    [Fact]
    public async Task An_object_in_a_form_is_refused_with_its_field()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SubmitAsync(change: body => body["fields"]!["a"] = new JsonObject());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("not an object", (string?)answer.Json["errors"]!["fields.a"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_a_mail_and_a_number_to_write_to_may_be_numbers()
    {
        var site = await gateway.NewSiteAsync();

        var mail = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/messages",
            JsonNode.Parse($$$"""{"to":"{{{email}}}","template":"plain","variables":{"subject":2026,"body":true}}"""),
            key: Guid.CreateVersion7().ToString()
        );
        var sms = await site.SendSmsAsync(change: body => (body["reference"], body["country"], body["to"]) = (7, "FR", 33612345678));

        Assert.Equal(HttpStatusCode.Accepted, mail.Status);
        Assert.Equal("2026", (await Mail.Mailbox.MailToAsync(gateway, email)).Subject);
        Assert.Equal(HttpStatusCode.Accepted, sms.Status);
        Assert.Equal("7", (string?)sms.Json["reference"]);
    }
}
