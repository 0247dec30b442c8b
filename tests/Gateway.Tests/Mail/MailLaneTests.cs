using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Mail;

/// <summary>Mails over a site's own server have a lane of their own.</summary>
[Trait("Database", "both")]
public sealed class MailLaneTests
{
    private const int Many = 200;

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_server_that_does_not_answer_holds_up_its_own_site_alone()
    {
        var domain = $"{Guid.CreateVersion7():N}.example";
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = new ScriptedSmtp { Before = command => command == "." ? answers.Task : Task.CompletedTask };
        await using var quick = new ScriptedSmtp();
        var (ann, bob, eve) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await ann.ConnectedAsync("smtp", SettingsOf(slow), "mail");
        await bob.ConnectedAsync("smtp", SettingsOf(quick), "mail");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(person => ann.MailAsync($"ann{person}@{domain}")));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!slow.Mails.IsEmpty));
        await Task.WhenAll(Enumerable.Range(0, Many).Select(person => eve.MailAsync($"eve{person}@{domain}")));
        await bob.MailAsync($"bob@{domain}");

        await SentAsync(eve, Many);
        await SentAsync(bob, 1);
        Assert.Equal([MessageState.Queued], (await StatesAsync(ann)).Distinct());

        answers.SetResult();
        await SentAsync(ann, 8);
        Assert.Equal(8, slow.Mails.Count);
    }

    private static Task<List<MessageState>> SentAsync(SiteUnderTest site, int count) =>
        Eventually.BecomesAsync(() => StatesAsync(site), states => states.Count(state => state == MessageState.Sent) == count);

    private static Task<List<MessageState>> StatesAsync(SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db => db.Messages.Where(row => row.SiteId == site.Id).Select(row => row.State).ToListAsync());

    private static string SettingsOf(ScriptedSmtp server) =>
        new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = server.Port,
            ["security"] = "none",
        }.ToJsonString();
}
