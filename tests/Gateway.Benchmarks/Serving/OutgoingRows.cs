using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Lists.Mailjet;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Benchmarks.Serving;

/// <summary>What is to be told to others: stored by a moment that has not come, and due when it is asked for.</summary>
internal static class OutgoingRows
{
    private const int Together = 5_000;

    private static readonly Guid List = Guid.CreateVersion7();

    private static int _next;
    private static List<Hook> _hooks = [];
    private static Guid _site;

    /// <param name="question"><c>hooks 1000 http://127.0.0.1:1 http://127.0.0.1:2</c>: what, how many, and who takes it.</param>
    public static async Task StoreAsync(IServiceProvider services, string question)
    {
        var words = question.Split(' ');
        var count = int.Parse(words[1], CultureInfo.InvariantCulture);
        if (_site == default)
        {
            await AddSiteAsync(services, words[2..]);
        }

        foreach (var some in Enumerable.Range(_next, count).Chunk(Together))
        {
            await InDatabaseAsync(services, db => words[0] == "hooks" ? AddDeliveriesAsync(db, some) : AddSyncsAsync(db, some));
        }

        _next += count;
    }

    public static async Task WakeAsync(IServiceProvider services, string what)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await InDatabaseAsync(
            services,
            db =>
                what == "hooks"
                    ? db.Database.ExecuteSqlAsync($"update deliveries set due_at = {now} where due_at is not null")
                    : db.Database.ExecuteSqlAsync($"update list_syncs set due_at = {now} where due_at is not null")
        );
        var signals = services.GetRequiredService<QueueWorkerSignals>();
        signals.Of(what == "hooks" ? typeof(SendDeliveries) : typeof(SyncLists)).Set();
    }

    private static async Task AddSiteAsync(IServiceProvider services, string[] receivers)
    {
        await using var scope = services.CreateAsyncScope();
        var site = new Site { Name = "Outgoing", FromEmail = "outgoing@example.org" };
        await scope.ServiceProvider.GetRequiredService<SiteCredentials>().AddSiteAsync(site, CancellationToken.None);
        _site = site.Id;
        _hooks =
        [
            .. receivers.Select(url => new Hook
            {
                Id = Guid.CreateVersion7(),
                SiteId = site.Id,
                Event = "sms.sent",
                Url = url + "/hook",
                CreatedAt = site.CreatedAt,
            }),
        ];
        await InDatabaseAsync(
            services,
            async db =>
            {
                db.Add(
                    new ContactList
                    {
                        Id = List,
                        SiteId = site.Id,
                        Name = "Newsletter",
                        Provider = MailjetLists.Key,
                        ProviderListId = "1",
                        CreatedAt = site.CreatedAt,
                    }
                );
                db.AddRange(_hooks);
                await db.SaveChangesAsync();
            }
        );
    }

    private static async Task AddDeliveriesAsync(GatewayDb db, int[] numbers)
    {
        var later = Later();
        var events = numbers
            .Select(_ => new Event
            {
                Id = Guid.CreateVersion7(),
                SiteId = _site,
                Type = "sms.sent",
                Data = """{"sms":"sms_01980000000070008000000000000000","to":"+33612345678","state":"sent"}""",
                OccurredAt = later,
            })
            .ToList();
        await db.InsertNewAsync(events, CancellationToken.None);
        await db.InsertNewAsync(
            [
                .. events
                    .Select((one, at) => (Event: one, Hook: _hooks[at % _hooks.Count]))
                    .Select(one => new Delivery
                    {
                        Id = Guid.CreateVersion7(),
                        SiteId = _site,
                        HookId = one.Hook.Id,
                        EventId = one.Event.Id,
                        Host = HookUrl.HostOf(one.Hook.Url),
                        CreatedAt = later,
                        DueAt = later,
                    }),
            ],
            CancellationToken.None
        );
    }

    private static async Task AddSyncsAsync(GatewayDb db, int[] numbers)
    {
        var (now, later) = (TimeProvider.System.GetUtcNow(), Later());
        var contacts = numbers
            .Select(number => new Contact
            {
                Id = Guid.CreateVersion7(),
                SiteId = _site,
                Address = SignedRequest.Address(number),
                AddressKey = SignedRequest.Address(number),
                Name = "Ann",
                CreatedAt = now.UtcDateTime,
            })
            .ToList();
        var subscriptions = contacts.ConvertAll(contact =>
        {
            var one = Subscription.New(_site, contact.Id, List, now);
            (one.State, one.ConfirmedAt) = (SubscriptionState.Confirmed, now.UtcDateTime);
            return one;
        });
        await db.InsertNewAsync(contacts, CancellationToken.None);
        await db.InsertNewAsync(subscriptions, CancellationToken.None);
        await db.InsertNewAsync(
            subscriptions.ConvertAll(one => new ListSync
            {
                Id = Guid.CreateVersion7(),
                SiteId = _site,
                SubscriptionId = one.Id,
                ContactId = one.ContactId,
                ListId = List,
                Desired = DesiredState.Subscribed,
                DesiredVersion = 1,
                DueAt = later,
            }),
            CancellationToken.None
        );
    }

    private static DateTime Later() => TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1);

    private static async Task InDatabaseAsync(IServiceProvider services, Func<GatewayDb, Task> work)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        await db.WriteAsync(() => work(db), CancellationToken.None);
    }
}
