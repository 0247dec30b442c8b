using System.Net;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

public sealed class BrevoListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly FakeBrevo brevo = FakeBrevo.Shared;
    private readonly FakeList list = FakeBrevo.Shared.NewList();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, null)]
    public async Task Only_a_fresh_confirmation_takes_an_unsubscribe_back(bool fresh, bool? blacklisted)
    {
        var site = await NewSiteAsync();

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org", fresh));

        var told = Assert.Single(list.Told);
        Assert.Equal(blacklisted, (bool?)told.Body["emailBlacklisted"]);
        Assert.True((bool?)told.Body["updateEnabled"]);
    }

    [Fact]
    public async Task An_attribute_that_is_missing_is_made_once()
    {
        var site = await NewSiteAsync();
        var attribute = $"city-{list.Number}";

        foreach (
            var person in await site.SubscribeAsync(
                ["ada@example.org", "eve@example.org"],
                change: (contact, _) => (contact.Name, contact.Properties) = ("Ada", $$"""{"{{attribute}}":"Turin"}""")
            )
        )
        {
            await site.ToldAsync(person);
        }

        var made = Assert.Single(brevo.Made, name => name.StartsWith($"CITY_{list.Number}_", StringComparison.Ordinal));
        Assert.Equal(2, list.Told.Count);
        Assert.All(list.Told, told => Assert.Equal("Turin", (string?)told.Body["attributes"]![made]));
        Assert.All(list.Told, told => Assert.Equal("Ada", (string?)told.Body["attributes"]!["NAME"]));
    }

    [Fact]
    public async Task What_the_account_has_is_used_and_two_properties_never_become_one()
    {
        var site = await NewSiteAsync();
        void Told(Contact contact, Subscription _) =>
            contact.Properties = """{"DOUBLE_OPT-IN":"1","姓名":"王","電話":"02","firstname":"Ada","Gone":null}""";

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org", change: Told));

        var attributes = Assert.Single(list.Told).Body["attributes"]!.AsObject();
        Assert.Equal("1", (string?)attributes["DOUBLE_OPT-IN"]);
        Assert.Equal("Ada", (string?)attributes["FIRSTNAME"]);
        Assert.Equal(["02", "1", "Ada", "王"], attributes.Select(one => (string?)one.Value).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(brevo.Made, name => name.StartsWith("DOUBLE", StringComparison.Ordinal));
        Assert.DoesNotContain(brevo.Made, name => name.StartsWith("GONE", StringComparison.Ordinal));
        Assert.All(brevo.Made, name => Assert.Matches("^[A-Z0-9_]{1,50}$", name));
    }

    [Fact]
    public async Task Who_leaves_is_taken_off_the_list_even_when_Brevo_has_done_so_before()
    {
        var site = await NewSiteAsync();
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);

        await site.UnsubscribeAsync(ada);
        await site.SyncedAsync(ada, row => row is { DueAt: null, Synced: DesiredState.Unsubscribed });
        await site.EnqueueAsync(ada, DesiredState.Unsubscribed, fresh: false);
        var again = await site.SyncedAsync(ada, row => row is { DueAt: null, DesiredVersion: 3 });

        Assert.Null(again.Failure);
        Assert.Equal(["save", "remove", "remove"], list.Told.Select(told => told.Action));
    }

    [Fact]
    public async Task A_refused_address_is_final_and_holds_up_nobody()
    {
        var site = await NewSiteAsync();

        var people = await site.SubscribeAsync(["refused@example.org", "ada@example.org"]);

        await site.ToldAsync(people[1]);
        var refused = await site.FailedAsync(people[0]);
        Assert.Null(refused.DueAt);
        Assert.Null(refused.Synced);
    }

    [Fact]
    public async Task Somebody_suppressed_is_never_saved_on_the_list()
    {
        var site = await NewSiteAsync();
        await site.SuppressAsync("ada@example.org", SuppressionReason.Complained);

        var sync = await site.ToldAsync(await site.SubscribeAsync("ada@example.org"));

        Assert.Equal(DesiredState.Unsubscribed, sync.Synced);
        Assert.DoesNotContain(list.Told, told => told.Action == "save");
    }

    [Fact]
    public async Task Once_the_limit_is_reached_nobody_else_is_sent_and_all_follow_when_it_is_over()
    {
        var site = await NewSiteAsync();
        var calls = 0;
        list.Before = (_, _) =>
        {
            if (Interlocked.Increment(ref calls) != 2)
            {
                return Task.FromResult<HttpResponseMessage?>(null);
            }

            var slower = FakeList.Json(HttpStatusCode.TooManyRequests, "{}");
            slower.Headers.Add("x-sib-ratelimit-reset", "1");
            return Task.FromResult<HttpResponseMessage?>(slower);
        };
        string[] emails = ["ada@example.org", "eve@example.org", "bob@example.org"];

        foreach (var person in await site.SubscribeAsync(emails))
        {
            await site.ToldAsync(person);
        }

        Assert.Equal(4, list.Calls.Count);
        Assert.Equal(emails.Order(), list.Told.Select(told => told.Email).Order());
    }

    [Theory]
    [InlineData("401")]
    [InlineData("500")]
    [InlineData("garbage")]
    [InlineData("closed")]
    public async Task An_answer_that_is_no_clear_refusal_is_tried_again(string error)
    {
        list.Before = (_, _) =>
            error switch
            {
                "closed" => throw new HttpRequestException(HttpRequestError.ResponseEnded),
                "garbage" => Task.FromResult<HttpResponseMessage?>(
                    FakeList.Json(HttpStatusCode.OK, "<html><body>Welcome to the hotel network</body></html>")
                ),
                _ => Task.FromResult<HttpResponseMessage?>(
                    FakeList.Json((HttpStatusCode)int.Parse(error, System.Globalization.CultureInfo.InvariantCulture), "{}")
                ),
            };
        var site = await NewSiteAsync();
        var ada = await site.SubscribeAsync("ada@example.org");
        var failed = await site.FailedAsync(ada);
        Assert.NotNull(failed.DueAt);
        Assert.Null(failed.Synced);

        list.Before = null;
        await site.ReplayAsync(failed);

        Assert.Null((await site.ToldAsync(ada)).Failure);
        Assert.Single(list.Told);
    }

    private Task<SiteUnderTest> NewSiteAsync() =>
        gateway.NewSiteAsync(list: row => (row.Provider, row.ProviderListId) = ("brevo", list.Id));
}
