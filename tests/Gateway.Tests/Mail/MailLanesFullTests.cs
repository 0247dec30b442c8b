using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail;

/// <summary>More sites have slow servers of their own than there are lanes.</summary>
[Collection(MovesTheClock.Name)]
public sealed class MailLanesFullTests : IDisposable
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private MailLanes Lanes => gateway.Services.GetRequiredService<MailLanes>();

    [Fact]
    public async Task A_site_for_which_no_lane_is_free_waits_for_one_and_holds_up_nobody()
    {
        Lanes.Max = 1;
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = new ScriptedSmtp { Before = command => command == "." ? answers.Task : Task.CompletedTask };
        await using var quick = new ScriptedSmtp();
        var (ann, bob, eve) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await ann.ConnectedAsync("smtp", SettingsOf(slow), "mail");
        await bob.ConnectedAsync("smtp", SettingsOf(quick), "mail");

        await ann.MailAsync($"ann@{domain}");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!slow.Mails.IsEmpty));
        await bob.MailAsync($"bob@{domain}");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(person => eve.MailAsync($"eve{person}@{domain}")));

        await SentAsync(eve, 20);
        Assert.Empty(quick.Mails);

        answers.SetResult();
        await SentAsync(bob, 1);
        await SentAsync(ann, 1);
        Assert.Single(quick.Mails);
        Assert.Single(slow.Mails);
    }

    public void Dispose() => Lanes.Max = MailLanes.DefaultMax;

    private static Task SentAsync(SiteUnderTest site, int count) =>
        Eventually.BecomesTrueAsync(async () =>
            await site.Gateway.InDatabaseAsync(db =>
                db.Messages.CountAsync(row => row.SiteId == site.Id && row.State == MessageState.Sent)
            ) == count
        );

    private static string SettingsOf(ScriptedSmtp server) =>
        new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = server.Port,
            ["security"] = "none",
        }.ToJsonString();
}
