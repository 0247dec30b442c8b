using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail.Adapters;

/// <summary>A site's mails leave by the first of its ways that works; where nobody knows what became of one, they do not.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed class MailRouteTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";
    private ApiMailAccount first = null!;
    private ApiMailAccount second = null!;
    private SiteUnderTest site = null!;
    private string primary = "";
    private string other = "";

    public async Task InitializeAsync()
    {
        first = new(gateway.MailApis.NewAccount(new FakePostmark()));
        second = new(gateway.MailApis.NewAccount(new FakeResend()));
        site = await gateway.NewSiteAsync();
        primary = await site.ConnectedAsync("postmark", first.Settings.ToJsonString(), "mail");
        other = await site.ConnectedAsync("resend", second.Settings.ToJsonString(), "mail", "Second");
        Assert.Equal(0, (await RouteAsync(primary, other)).Code);
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Theory]
    [InlineData(nameof(MailAnswer.Revoked))]
    [InlineData(nameof(MailAnswer.Unreachable))]
    [InlineData(nameof(MailAnswer.SlowDown))]
    public async Task While_the_first_certainly_takes_nothing_mails_leave_by_the_second_once_and_go_back_when_it_heals(string answer)
    {
        first.Be(Enum.Parse<MailAnswer>(answer));
        for (var person = 0; person < 6; person++)
        {
            await site.MailAsync($"p{person}@{domain}");
        }

        await BecomesAsync(rows => rows.Count == 6 && rows.All(row => row.State == MessageState.Sent));
        Assert.Empty(first.Mails);
        Assert.Equal(6, second.Mails.Select(mail => mail.To).Distinct().Count());
        Assert.Equal(6, second.Mails.Count);
        Assert.Equal(("failing", "works"), (await StateAsync(primary), await StateAsync(other)));

        // The site hears of it, though nothing waits.
        gateway.Advance(TimeSpan.FromMinutes(6));
        await Eventually.BecomesTrueAsync(async () => (await site.EventsAsync("site.problem")).Count > 0);

        first.Be(MailAnswer.Well);
        gateway.Advance(TimeSpan.FromMinutes(2));
        await site.MailAsync($"back@{domain}");
        await BecomesAsync(rows => rows.Count == 7 && rows.All(row => row.State == MessageState.Sent));
        Assert.Equal($"back@{domain}", Assert.Single(first.Mails).To);
        await Eventually.BecomesTrueAsync(async () => await StateAsync(primary) == "works");
        Assert.Equal(6, second.Mails.Count);
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_waits_for_the_way_that_it_took()
    {
        first.Be(MailAnswer.Lost);
        await site.MailAsync($"ada@{domain}");
        await BecomesAsync(rows => rows is [{ State: MessageState.Unknown }]);

        // Now it certainly takes nothing; but it may have taken this one before.
        first.Be(MailAnswer.Revoked);
        gateway.Advance(TimeSpan.FromMinutes(2));
        await site.MailAsync($"eve@{domain}");
        await BecomesAsync(rows => rows is [{ State: MessageState.Unknown, HeldBy: not null }, { State: MessageState.Sent }]);
        Assert.Equal($"eve@{domain}", Assert.Single(second.Mails).To);

        first.Be(MailAnswer.Well);
        await BecomesAsync(
            rows => rows.All(row => row.State == MessageState.Sent),
            _ => site.ConnectionsAsync(HttpMethod.Patch, $"/{primary}", new JsonObject { ["settings"] = new JsonObject() })
        );
        Assert.Equal([$"ada@{domain}", $"ada@{domain}"], first.Mails.Select(mail => mail.To));
        Assert.Single(second.Mails);
    }

    [Fact]
    public async Task The_way_is_noted_before_a_mail_is_handed_over()
    {
        var noted = "";
        first.Account.Before = request =>
        {
            if (request.Method == HttpMethod.Post)
            {
                noted = gateway
                    .InDatabaseAsync(db => db.Messages.Where(row => row.SiteId == site.Id).Select(row => row.Way).SingleAsync())
                    .GetAwaiter()
                    .GetResult();
            }

            return null;
        };

        await site.MailAsync($"ada@{domain}");

        await BecomesAsync(rows => rows is [{ State: MessageState.Sent, Way: null }]);
        Assert.Equal(NameOf(primary), noted);
    }

    [Fact]
    public async Task A_mail_that_a_process_had_when_it_ended_takes_the_way_that_it_was_about_to_take_or_none()
    {
        var lost = await TakenAsync(NameOf(primary), losses: 1);
        second.Be(MailAnswer.Well);

        await using var scope = gateway.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<MailBatch>()
            .RunAsync(lost, atOnce: 1, gateway.Clock.GetUtcNow().AddMinutes(1), CancellationToken.None);

        await BecomesAsync(rows => rows is [{ State: MessageState.Unknown, HeldBy: not null }]);
        Assert.Empty(second.Mails);
    }

    [Fact]
    public async Task A_mail_whose_outcome_could_not_be_stored_takes_the_same_way_again_or_none()
    {
        var taken = await TakenAsync(way: null, losses: 0);
        await HealsAsync(first, primary);
        await using var scope = gateway.Services.CreateAsyncScope();
        var gone = gateway.Services.CreateAsyncScope();
        var outcomes = ActivatorUtilities.CreateInstance<RecordMessageOutcomes>(gone.ServiceProvider);
        await gone.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            ActivatorUtilities
                .CreateInstance<MailBatch>(scope.ServiceProvider, outcomes)
                .RunAsync(taken, atOnce: 1, gateway.Clock.GetUtcNow().AddMinutes(1), CancellationToken.None)
        );
        Assert.Single(first.Mails);

        first.Be(MailAnswer.Revoked);
        await HealsAsync(second, other);
        await ComesBackAsync();

        await BecomesAsync(rows => rows is [{ State: MessageState.Unknown, HeldBy: not null }]);
        Assert.Empty(second.Mails);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mail_that_was_not_begun_is_free_unless_it_may_have_been_taken_before(bool mayHaveBeenTaken)
    {
        var taken = await TakenAsync(mayHaveBeenTaken ? NameOf(primary) : null, losses: mayHaveBeenTaken ? 1 : 0);
        await using var scope = gateway.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<MailBatch>()
            .RunAsync(taken, atOnce: 1, gateway.Clock.GetUtcNow().AddMinutes(-1), CancellationToken.None);
        await HealsAsync(second, other);

        await BecomesAsync(rows =>
            mayHaveBeenTaken
                ? rows is [{ State: MessageState.Unknown, HeldBy: not null, Way: not null }]
                : rows is [{ State: MessageState.Sent, Way: null }]
        );
        Assert.Equal(mayHaveBeenTaken ? 0 : 1, second.Mails.Count);
    }

    [Fact]
    public async Task A_mail_that_a_person_sends_again_takes_any_way()
    {
        var id = (await TakenAsync(NameOf(primary), losses: 0))[0].Id;
        await SetAsync(set => set.SetProperty(row => row.State, MessageState.Unknown).SetProperty(row => row.DueAt, (DateTime?)null));
        await HealsAsync(second, other);

        await using var scope = gateway.Services.CreateAsyncScope();
        var failed = ActivatorUtilities.CreateInstance<FailedMessages>(scope.ServiceProvider);
        Assert.Null(
            await scope
                .ServiceProvider.GetRequiredService<GatewayDb>()
                .WriteAsync(() => failed.ReplayAsync(id, new(), CancellationToken.None), CancellationToken.None)
        );

        await BecomesAsync(rows => rows is [{ State: MessageState.Sent }]);
        Assert.Single(second.Mails);
    }

    [Fact]
    public async Task A_way_whose_sender_is_held_is_not_noted_first()
    {
        var taken = await TakenAsync(way: null, losses: 0);
        await HealsAsync(first, primary);
        await HealsAsync(second, other);
        await using var scope = gateway.Services.CreateAsyncScope();
        var prepared = await scope.ServiceProvider.GetRequiredService<MailSources>().ReadAsync(taken, CancellationToken.None);
        var sender = MailConnections.Sender(site.Id, NameOf(primary), Assert.Single(prepared).OutgoingMail!.From);
        var outages = scope.ServiceProvider.GetRequiredService<Outages>();
        var pass = await outages.EnterAsync([sender], TimeSpan.FromMinutes(1), CancellationToken.None);
        await outages.HoldAsync(
            new(MailConnections.Queue, sender, site.Id, new(Concern.Account, "content_refused", "No.")),
            pass,
            CancellationToken.None
        );

        await scope.ServiceProvider.GetRequiredService<MailWays>().NoteAsync(prepared);

        Assert.Equal(NameOf(other), taken[0].Way);
    }

    [Fact]
    public async Task What_is_about_the_recipient_is_asked_nobody_else()
    {
        await site.MailAsync($"refused@{domain}");

        await BecomesAsync(rows => rows is [{ State: MessageState.Failed }]);
        Assert.DoesNotContain(second.Account.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_for_all_ways_leaves_by_the_one_that_works_again()
    {
        first.Be(MailAnswer.Revoked);
        second.Be(MailAnswer.Revoked);
        for (var person = 0; person < 4; person++)
        {
            await site.MailAsync($"p{person}@{domain}");
        }

        await BecomesAsync(rows => rows.Count == 4 && rows.All(row => row.HeldBy is not null));

        second.Be(MailAnswer.Well);
        await BecomesAsync(
            rows => rows.All(row => row.State == MessageState.Sent),
            _ => gateway.AdvanceBetweenBatchesAsync(TimeSpan.FromMinutes(1))
        );
        Assert.Empty(first.Mails);
        Assert.Equal(4, second.Mails.Count);
    }

    [Fact]
    public async Task The_gateways_own_transport_may_be_the_last_way()
    {
        Assert.Equal(0, (await RouteAsync(primary, "installation")).Code);
        first.Be(MailAnswer.Revoked);

        await site.SubmitAsync(email: $"ada@{domain}");

        Assert.NotNull(await gateway.MailToAsync($"ada@{domain}"));
        Assert.Empty(second.Mails);
    }

    [Fact]
    public async Task A_route_names_connections_of_its_own_site_which_stay_as_long()
    {
        var stranger = await gateway.NewSiteAsync();
        var account = gateway.MailApis.NewAccount(new FakePostmark());
        var theirs = await stranger.ConnectedAsync("postmark", account.Api.SettingsOf(account.Key).ToJsonString(), "mail");

        Assert.Contains("is no connection of the site for mail", (await RouteAsync(primary, theirs)).Error, StringComparison.Ordinal);
        Assert.Contains("is no connection of the site for mail", (await RouteAsync("conn_1")).Error, StringComparison.Ordinal);
        Assert.Contains("names each way once", (await RouteAsync(primary, primary)).Error, StringComparison.Ordinal);
        Assert.Contains($"leave by {primary}, else by {other}.", (await RouteAsync()).Output, StringComparison.Ordinal);

        var deleted = await site.ConnectionsAsync(HttpMethod.Delete, $"/{other}");
        Assert.Equal((HttpStatusCode.Conflict, "connection_in_use"), (deleted.Status, deleted.Code));
        Assert.Contains("the mail route of the site", (string)deleted.Json["detail"]!, StringComparison.Ordinal);

        Assert.Contains("has no mail route", (await RouteAsync("off")).Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await site.ConnectionsAsync(HttpMethod.Delete, $"/{other}")).Status);
    }

    /// <summary>A mail that a batch has, while both connections are held.</summary>
    private async Task<List<Message>> TakenAsync(string? way, int losses)
    {
        first.Be(MailAnswer.Revoked);
        second.Be(MailAnswer.Revoked);
        await site.MailAsync($"ada@{domain}");
        await BecomesAsync(rows => rows is [{ HeldBy: not null }]);
        var until = gateway.Clock.GetUtcNow().UtcDateTime.AddHours(1);
        await SetAsync(set =>
            set.SetProperty(row => row.Way, way)
                .SetProperty(row => row.HeldBy, (string?)null)
                .SetProperty(row => row.Losses, losses)
                .SetProperty(row => row.DueAt, until)
                .SetProperty(row => row.LeasedUntil, until)
        );
        return await gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).ToListAsync());
    }

    /// <summary>What was taken is given back after a batch that ended by an exception.</summary>
    private async Task ComesBackAsync()
    {
        var now = gateway.Clock.GetUtcNow().UtcDateTime;
        await SetAsync(set =>
            set.SetProperty(row => row.DueAt, now).SetProperty(row => row.LeasedUntil, (DateTime?)null).SetProperty(row => row.Losses, 0)
        );
        gateway.Signal();
    }

    private Task SetAsync(Action<UpdateSettersBuilder<Message>> set) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () => db.Messages.Where(row => row.SiteId == site.Id).ExecuteUpdateAsync(set, CancellationToken.None),
                CancellationToken.None
            )
        );

    private Task HealsAsync(ApiMailAccount account, string connection)
    {
        account.Be(MailAnswer.Well);
        return site.ConnectionsAsync(HttpMethod.Patch, $"/{connection}", new JsonObject { ["settings"] = new JsonObject() });
    }

    private string NameOf(string connection) => MailConnections.Own(PublicId.Parse(PublicId.Connection, connection)!.Value, site.Id);

    private Task<CommandResult> RouteAsync(params string[] ways) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["mail-route", site.PublicId, .. ways]);

    private Task<List<Message>> BecomesAsync(Func<List<Message>, bool> enough, Func<List<Message>, Task>? push = null) =>
        Eventually.BecomesAsync(
            async () =>
            {
                var rows = await gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
                );
                if (push is not null && !enough(rows))
                {
                    await push(rows);
                }

                return rows;
            },
            enough
        );

    private async Task<string?> StateAsync(string connection) =>
        (string?)(await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}")).Json["state"];
}
