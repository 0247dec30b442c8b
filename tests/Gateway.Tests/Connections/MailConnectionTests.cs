using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Connections;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Connections;

/// <summary>A site's own mail server.</summary>
public sealed class MailConnectionTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Two_sites_send_over_their_own_servers_and_a_third_over_the_installations()
    {
        await using var anns = new ScriptedSmtp();
        await using var bobs = new ScriptedSmtp();
        var (ann, bob, eve) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await ann.ConnectedAsync("smtp", SettingsOf(anns), "mail");
        await bob.ConnectedAsync("smtp", SettingsOf(bobs), "mail");
        var address = $"{Guid.CreateVersion7():N}@routes.example";

        await ann.SubmitAsync(email: "ann-" + address);
        await bob.SubmitAsync(email: "bob-" + address);
        await eve.SubmitAsync(email: "eve-" + address);

        await ann.MessageAsync(row => row.State == MessageState.Sent);
        await bob.MessageAsync(row => row.State == MessageState.Sent);
        Assert.NotNull(await gateway.MailToAsync("eve-" + address));
        Assert.Contains("ann-" + address, Assert.Single(anns.Mails), StringComparison.Ordinal);
        Assert.Contains("bob-" + address, Assert.Single(bobs.Mails), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_nothing_holds_up_its_own_site_alone_and_new_settings_let_everything_out()
    {
        await using var broken = new ScriptedSmtp();
        await using var mended = new ScriptedSmtp();
        var (ann, bob) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var connection = await ann.ConnectedAsync("smtp", SettingsOf(broken), "mail");
        broken.Script = command => command.StartsWith("MAIL", StringComparison.Ordinal) ? "530 5.7.0 Authentication required" : null;
        var address = $"{Guid.CreateVersion7():N}@held.example";

        await ann.SubmitAsync(email: "ann-" + address);
        await Eventually.BecomesTrueAsync(async () => await StateAsync(ann, connection) == "failing");
        await bob.SubmitAsync(email: "bob-" + address);
        Assert.NotNull(await gateway.MailToAsync("bob-" + address));

        var failing = await ann.ConnectionsAsync(HttpMethod.Get, $"/{connection}");
        Assert.DoesNotContain("Mail__Smtp__", failing.Text, StringComparison.Ordinal);
        var changed = await ann.ConnectionsAsync(
            HttpMethod.Patch,
            $"/{connection}",
            new JsonObject { ["settings"] = JsonNode.Parse(SettingsOf(mended)) }
        );
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        await ann.MessageAsync(row => row.State == MessageState.Sent);
        Assert.Single(mended.Mails);
        Assert.Empty(broken.Mails);
        await Eventually.BecomesTrueAsync(async () => await StateAsync(ann, connection) == "works");
    }

    [Fact]
    public async Task A_password_is_shown_to_no_other_server_than_the_one_it_was_given_for()
    {
        var site = await gateway.NewSiteAsync();
        var body = ConnectionCalls.NewConnection("smtp", """{"host":"smtp.example.org","user":"ann","password":"sesame"}""", "mail");
        body["test"] = false;
        var id = (string)(await site.ConnectionsAsync(HttpMethod.Post, body: body)).Json["id"]!;

        foreach (var elsewhere in new[] { """{"host":"evil.example"}""", """{"port":26}""", """{"security":"none"}""" })
        {
            var change = new JsonObject { ["settings"] = JsonNode.Parse(elsewhere), ["test"] = false };
            var refused = await site.ConnectionsAsync(HttpMethod.Patch, $"/{id}", change);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, (string?)refused.Json["code"]));
            Assert.Contains("Give the password again", refused.Text, StringComparison.Ordinal);
        }

        foreach (var fine in new[] { """{"user":"bob"}""", """{"host":"smtp2.example.org","password":"other"}""" })
        {
            var change = new JsonObject { ["settings"] = JsonNode.Parse(fine), ["test"] = false };
            Assert.Equal(HttpStatusCode.OK, (await site.ConnectionsAsync(HttpMethod.Patch, $"/{id}", change)).Status);
        }
    }

    [Theory]
    [InlineData("settings", """{"host":"127.0.0.1","port":1,"security":"none"}""", "connection_failed")]
    [InlineData("settings", """{"host":"smtp://x","port":25}""", "invalid_request")]
    [InlineData("settings", """{"host":"smtp.example.org","port":99999}""", "invalid_request")]
    [InlineData("settings", """{"host":"smtp.example.org","security":"loud"}""", "invalid_request")]
    [InlineData("settings", """{"host":"smtp.example.org","user":"ann"}""", "invalid_request")]
    [InlineData("settings.caFile", """{"host":"smtp.example.org","caFile":"/etc/passwd"}""", "invalid_request")]
    public async Task What_cannot_be_a_server_is_told_by_the_settings_own_names(string field, string settings, string code)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ConnectionsAsync(HttpMethod.Post, body: ConnectionCalls.NewConnection("smtp", settings, "mail"));

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
        Assert.Equal([field], answer.Json["errors"]!.AsObject().Select(one => one.Key));
        Assert.DoesNotContain("Mail__Smtp__", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.7", 587)]
    [InlineData("169.254.169.254", 587)]
    [InlineData("127.0.0.1", 25)]
    [InlineData("[::1]", 25)]
    public async Task Where_private_targets_are_not_allowed_no_server_inside_is_asked(string host, int port)
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, null, ("Hooks__AllowPrivateTargets", "false"));
        var servers = replica.Services.GetRequiredService<SmtpServers>();
        var server = new SmtpOptions { Host = host.Trim('[', ']'), Port = port };
        using var connections = servers.Connect(server);

        var (connection, error) = await connections.OpenAsync(CancellationToken.None);

        Assert.Null(connection);
        Assert.Contains("leads to no address that may be reached", error!.Reason, StringComparison.Ordinal);
        Assert.NotNull(servers.ErrorOf(new SmtpOptions { Host = "smtp.example.org", Port = 6379 }));
    }

    [Fact]
    public async Task A_server_of_a_site_can_neither_talk_without_an_end_nor_have_us_compute()
    {
        await using var endless = new ScriptedSmtp { Offers = ["AUTH SCRAM-SHA-256 PLAIN"] };
        var servers = gateway.Services.GetRequiredService<SmtpServers>();
        var server = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = endless.Port,
            Security = "none",
            User = "ann",
            Password = "secret",
        };
        using var connections = servers.Connect(server);

        var (connection, error) = await connections.OpenAsync(CancellationToken.None);
        Assert.Null(error);
        await connection!.CloseAsync();
        Assert.Contains(endless.Commands, command => command.StartsWith("AUTH PLAIN", StringComparison.Ordinal));

        endless.Script = command => command.StartsWith("EHLO", StringComparison.Ordinal) ? new string('x', 300_000) : null;
        (connection, error) = await connections.OpenAsync(CancellationToken.None);
        Assert.Null(connection);
        Assert.Contains("hung up", error!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_connection_that_is_deleted_while_it_is_held_holds_nothing_any_more()
    {
        await using var broken = new ScriptedSmtp();
        var site = await gateway.NewSiteAsync();
        var connection = await site.ConnectedAsync("smtp", SettingsOf(broken), "mail");
        broken.Script = command => command.StartsWith("MAIL", StringComparison.Ordinal) ? "530 5.7.0 Authentication required" : null;
        var address = $"{Guid.CreateVersion7():N}@deleted.example";
        await site.SubmitAsync(email: address);
        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == "failing");

        Assert.Equal(HttpStatusCode.NoContent, (await site.ConnectionsAsync(HttpMethod.Delete, $"/{connection}")).Status);

        Assert.NotNull(await gateway.MailToAsync(address));
        var outages = gateway.Services.GetRequiredService<Outages>();
        var part = connection.Split('_')[1];
        Assert.DoesNotContain(
            await outages.ListAsync(sites: null, CancellationToken.None),
            one => one.Outage.Connection.Contains(part, StringComparison.Ordinal)
        );
    }

    private static string SettingsOf(ScriptedSmtp server) =>
        new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = server.Port,
            ["security"] = "none",
        }.ToJsonString();

    private static async Task<string?> StateAsync(SiteUnderTest site, string connection) =>
        (string?)(await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}")).Json["state"];
}
