using Gateway.Features.Mail;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Queue;

/// <summary>
/// The workers and a row that ends the process. What was in flight beside it is waited for, and meanwhile nothing begins, so this is no
/// test for the gateway that all others share.
/// </summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed class PoisonWorkersTests
{
    [Fact]
    public async Task The_workers_set_it_aside_send_its_neighbours_and_send_it_too_when_it_is_replayed()
    {
        var gateway = GatewayUnderTest.OfMovedClock;
        var inFlight = gateway.Services.GetRequiredService<InFlight>();
        (inFlight.Settling, inFlight.Between) = (TimeSpan.Zero, TimeSpan.Zero);
        var site = await gateway.NewSiteAsync();
        var later = gateway.Clock.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        var (guilty, innocent) = ($"ada@{Guid.CreateVersion7():N}.example", $"bob@{Guid.CreateVersion7():N}.example");
        var id = (await site.MailAsync(guilty, change: body => body["sendAt"] = later)).Id;
        await site.MailAsync(innocent, change: body => body["sendAt"] = later);

        // As two processes left them: one that held both, and one that held the first alone.
        var past = gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1);
        var guiltyId = Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Message, id);
        await gateway.InDatabaseAsync(db =>
            db.Messages.Where(row => row.SiteId == site.Id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.DueAt, past)
                        .SetProperty(row => row.LeasedUntil, past)
                        .SetProperty(row => row.Losses, row => row.Id == guiltyId ? 1 : 0)
                )
        );
        gateway.Signal();

        await site.BecomesAsync(id, "failed");
        Assert.NotNull(await gateway.MailToAsync(innocent));
        var failed = await gateway.InScopeAsync<FailedItems, FailedItem?>(items => items.FindAsync(id, default));
        Assert.Equal(("crashed", "mail"), (failed!.Code, failed.Queue));

        Assert.Null(await gateway.InScopeAsync<FailedItems, string?>(items => items.ReplayAsync(id, new(), "test", default)));
        Assert.NotNull(await gateway.MailToAsync(guilty));
    }
}
