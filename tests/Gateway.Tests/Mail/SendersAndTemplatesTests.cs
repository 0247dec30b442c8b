using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail;

public sealed class SendersAndTemplatesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_site_reads_its_own_senders_the_default_first()
    {
        var site = await gateway.NewSiteAsync(list: one => one.FromEmail = "lists@shop.example");
        await gateway.NewSiteAsync(one => one.FromEmail = "mine@other.example");

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/senders?channel=mail", scope: "mail");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["news@shop.example", "lists@shop.example"], answer.Json["items"]!.AsArray().Select(item => (string?)item!["id"]));
        Assert.Equal(
            """{"id":"news@shop.example","name":"Ann's Shop <news@shop.example>","channel":"mail","provider":"mailbox"}""",
            answer.Json["items"]![0]!.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        );
        Assert.Null(answer.Json["next"]);
    }

    [Fact]
    public async Task The_same_sender_is_named_once()
    {
        var site = await gateway.NewSiteAsync(list: one => one.FromEmail = "News@Shop.example");

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/senders?channel=mail");

        Assert.Single(answer.Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?channel=")]
    [InlineData("?channel=fax")]
    [InlineData("?channel=MAIL")]
    public async Task A_channel_is_mail_or_sms(string query)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/senders" + query);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]!["channel"]);
    }

    [Fact]
    public async Task The_templates_say_what_fills_them()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/templates", scope: "read");

        Assert.Equal(
            """{"items":[{"id":"plain","key":"plain","kind":"email","name":"Plain message","channel":"mail","published":true,"languages":["en","fr","de","es","it"],"variables":[{"name":"subject","label":"Subject","required":true,"multiline":false},{"name":"body","label":"Body","required":true,"multiline":true}]}],"next":null}""",
            answer.Text
        );
    }

    [Theory]
    [InlineData("/v1/senders?channel=mail")]
    [InlineData("/v1/templates")]
    public async Task Nobody_without_a_token_reads_them(string path)
    {
        var site = await gateway.NewSiteAsync();

        using var answer = await site.Browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
