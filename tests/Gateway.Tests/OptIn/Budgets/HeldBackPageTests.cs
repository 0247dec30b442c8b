using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Whoever waits for a mail, and whoever looks after the site, sees that it waits and until when.</summary>
public sealed class HeldBackPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_page_of_an_expired_link_says_when_another_mail_can_be_asked_for()
    {
        var reader = await Subscriber.SignUpAsync(gateway, site: site => site.TimeZone = "Europe/Paris");
        await reader.PassAsync(TimeSpan.FromDays(8));
        var late = await reader.Site.OpenAsync(reader.Confirm);

        var renewed = await reader.Site.PressAsync(late, "Send me a new email");
        var again = await reader.Site.OpenAsync(reader.Confirm);

        Assert.DoesNotContain("You can ask for another email", late.Text, StringComparison.Ordinal);
        var paris = TimeZoneInfo.ConvertTime(gateway.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        foreach (var page in new[] { renewed, again })
        {
            Assert.Contains("You can ask for another email from", page.Text, StringComparison.Ordinal);
            Assert.Contains($"{paris.Year}", page.Text, StringComparison.Ordinal);
            Assert.Contains("(Europe/Paris)", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mail_that_waits_says_so_on_the_page_and_to_operators()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromDays(8));
        var late = await reader.Site.OpenAsync(reader.Confirm);
        await reader.Site.PressAsync(late, "Send me a new email");
        var until = gateway.Clock.GetUtcNow().UtcDateTime.AddHours(3);
        await gateway.InDatabaseAsync(db =>
            db.OptInRequests.Where(row => row.SiteId == reader.Site.Id && row.State == OptInState.Pending)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.State, OptInState.Held)
                        .SetProperty(row => row.HeldFor, (HoldReason?)HoldReason.Domain)
                        .SetProperty(row => row.DueAt, (DateTime?)until)
                )
        );

        Assert.Contains("yours has to wait", (await reader.Site.OpenAsync(reader.Confirm)).Text, StringComparison.Ordinal);
        var operators = await (await AdminBrowser.SignedInAsync(gateway)).OpenAsync($"/admin/sites/{reader.Site.PublicId}");
        var managers = await (await AdminBrowser.SignedInAsync(gateway, "Mia", reader.Site)).OpenAsync(
            $"/admin/sites/{reader.Site.PublicId}"
        );
        Assert.Contains("The limit for one mail domain", operators.Text, StringComparison.Ordinal);
        Assert.Contains("Limits of this gateway", managers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The limit for one mail domain", managers.Text, StringComparison.Ordinal);
    }
}
