using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Webhooks;

/// <summary>Sends one hook an event that says only that it is a test, by the same way and with the same signature as all others.</summary>
internal sealed class TestHook(GatewayDb db, Events events, Signal<SendDeliveries> deliveries, TimeProvider clock)
{
    /// <summary>Nobody subscribes to it: it goes to the hook that is tried.</summary>
    public const string Type = "hook.test";

    /// <summary>Inside the caller's transaction.</summary>
    public async Task SendAsync(Hook hook, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var test = events.Of(
            Type,
            hook.SiteId,
            contactId: null,
            new { hook = PublicId.Format(PublicId.Hook, hook.Id), message = "This is a test. Nothing happened." }
        );

        // It is handed to no other hook.
        test.DueAt = null;
        await db.InsertNewAsync([test], ct);
        await db.InsertNewAsync(
            [
                new Delivery
                {
                    Id = Guid.CreateVersion7(now),
                    SiteId = hook.SiteId,
                    HookId = hook.Id,
                    EventId = test.Id,
                    Host = HookUrl.HostOf(hook.Url),
                    CreatedAt = now.UtcDateTime,
                    DueAt = now.UtcDateTime,
                },
            ],
            ct
        );
        db.OnCommitted(deliveries.Wake);
    }
}
