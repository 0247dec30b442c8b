using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.Mail.Adapters;
using Gateway.Tests.Sms;
using Gateway.Tests.Sms.Vonage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Connections;

/// <summary>Two sites, each with accounts of its own for mail, lists and SMS at the same three providers.</summary>
[Collection(MovesTheClock.Name)]
public sealed class TwoSitesTests
{
    private const int Rounds = 3;

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task What_one_sites_providers_do_not_take_for_an_hour_arrives_afterwards_once_and_the_other_site_never_notices()
    {
        var (ann, bob) = (await Accounts.NewAsync(gateway), await Accounts.NewAsync(gateway));
        ann.Fail(true);
        for (var round = 0; round < Rounds; round++)
        {
            await ann.SendAsync(round);
            await bob.SendAsync(round);
            await Eventually.BecomesTrueAsync(() => bob.HasAsync(round + 1));
            await Eventually.BecomesTrueAsync(ann.WaitsAsync);
            gateway.Advance(TimeSpan.FromMinutes(60 / Rounds));
        }

        Assert.Empty(ann.Arrived);
        Assert.NotEmpty(await ann.Site.EventsAsync("site.problem"));
        Assert.Empty(await bob.Site.EventsAsync("site.problem"));
        Assert.DoesNotContain("failing", await bob.StatesAsync());

        ann.Fail(false);
        await Eventually.BecomesTrueAsync(async () =>
        {
            // A clock that moves while something is on its way takes it from its worker.
            if (await ann.WaitsAsync())
            {
                gateway.Advance(TimeSpan.FromMinutes(10));
            }

            return await ann.HasAsync(Rounds);
        });

        Assert.Equal(3 * Rounds, ann.Arrived.Count);
        Assert.Equal(3 * Rounds, bob.Arrived.Count);
        Assert.All(ann.Arrived.Values.Concat(bob.Arrived.Values), times => Assert.Equal(1, times));
    }

    /// <summary>A site with an account for mail, one for its list, and one for SMS.</summary>
    private sealed class Accounts
    {
        private readonly string _domain = $"{Guid.CreateVersion7():N}.example";
        private readonly VonageSite _sms;
        private readonly FakeMailAccount _mail;
        private readonly FakeMailerLiteAccount _list;
        private readonly ConcurrentDictionary<string, int> _texts = new();

        private Accounts(VonageSite sms, FakeMailAccount mail, FakeMailerLiteAccount list)
        {
            (_sms, _mail, _list) = (sms, mail, list);
            Fail(false);
        }

        public SiteUnderTest Site => _sms.Site;

        /// <summary>What the providers took, and how often.</summary>
        public Dictionary<string, int> Arrived =>
            _mail
                .Mails.GroupBy(mail => $"mail {mail.To}")
                .ToDictionary(same => same.Key, same => same.Count())
                .Concat(_list.Taken.ToDictionary(one => $"list {one.Key}", one => one.Value))
                .Concat(_texts)
                .ToDictionary(one => one.Key, one => one.Value);

        public static async Task<Accounts> NewAsync(GatewayUnderTest gateway)
        {
            var sms = await VonageSite.NewAsync(gateway);
            var accounts = new Accounts(sms, gateway.MailApis.NewAccount(new FakePostmark()), gateway.MailerLite.NewAccount());
            await sms.Site.ConnectedAsync("postmark", accounts._mail.Api.SettingsOf(accounts._mail.Key).ToJsonString(), "mail");
            var key = new JsonObject { ["apiKey"] = accounts._list.Key };
            var connection = PublicId.Parse(PublicId.Connection, await sms.Site.ConnectedAsync("mailerlite", key.ToJsonString()));
            await gateway.InDatabaseAsync(db =>
                db.WriteAsync(
                    () =>
                        db
                            .Lists.Where(list => list.SiteId == sms.Site.Id)
                            .ExecuteUpdateAsync(set =>
                                set.SetProperty(list => list.Provider, "mailerlite")
                                    .SetProperty(list => list.ProviderListId, accounts._list.Group)
                                    .SetProperty(list => list.ConnectionId, connection)
                            ),
                    CancellationToken.None
                )
            );
            return accounts;
        }

        /// <summary>Each of its providers fails in its own way.</summary>
        public void Fail(bool isFailing)
        {
            _mail.Before = _ => isFailing ? throw new HttpRequestException(HttpRequestError.ConnectionError) : null;
            _list.Before = _ => isFailing ? FakeList.Json(HttpStatusCode.ServiceUnavailable, "<html>") : null;
            _sms.Account.Send = message =>
            {
                if (isFailing)
                {
                    return Task.FromResult<HttpResponseMessage?>(new(HttpStatusCode.Unauthorized) { Content = new StringContent("{}") });
                }

                _texts.AddOrUpdate($"sms {message["to"]}", 1, (_, times) => times + 1);
                return Task.FromResult<HttpResponseMessage?>(null);
            };
        }

        public async Task SendAsync(int round)
        {
            await Site.MailAsync($"p{round}@{_domain}");
            await Site.SubscribeAsync($"p{round}@{_domain}");
            var sms = await Site.SendSmsAsync($"+3361234567{round}");
            Assert.Equal(HttpStatusCode.Accepted, sms.Status);
        }

        public async Task<bool> HasAsync(int rounds) =>
            Arrived.Count == 3 * rounds
            && await Site.Gateway.InDatabaseAsync(async db =>
                !await db.Messages.AnyAsync(row => row.SiteId == Site.Id && row.State != MessageState.Sent)
                && !await db.ListSyncs.AnyAsync(row => row.SiteId == Site.Id && row.Synced != DesiredState.Subscribed)
                && !await db.Sms.AnyAsync(row => row.SiteId == Site.Id && row.State != SmsState.Sent)
            );

        /// <summary>Nothing is on its way, and nothing is due.</summary>
        public Task<bool> WaitsAsync()
        {
            var now = Site.Gateway.Clock.GetUtcNow().UtcDateTime;
            return Site.Gateway.InDatabaseAsync(async db =>
                !await db.Messages.AnyAsync(row => row.SiteId == Site.Id && (row.DueAt <= now || row.DueAt == row.LeasedUntil))
                && !await db.ListSyncs.AnyAsync(row => row.SiteId == Site.Id && (row.DueAt <= now || row.DueAt == row.LeasedUntil))
                && !await db.Sms.AnyAsync(row => row.SiteId == Site.Id && (row.DueAt <= now || row.DueAt == row.LeasedUntil))
            );
        }

        public async Task<IEnumerable<string?>> StatesAsync() =>
            (await Site.ConnectionsAsync(HttpMethod.Get)).Json["items"]!.AsArray().Select(one => (string?)one!["state"]);
    }
}
