using System.Net;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Tests.Hosting;
using Gateway.Tests.Submissions;

namespace Gateway.Tests.Lists;

[Collection(MovesTheClock.Name)]
public sealed class BrevoListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly FakeBrevo brevo = GatewayUnderTest.OfMovedClock.Brevo;
    private readonly FakeList list = GatewayUnderTest.OfMovedClock.Brevo.NewList();

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
        var held = await site.HeldAsync(ada);
        Assert.Null(held.Synced);

        list.Before = null;
        await site.TryNowAsync(held);

        Assert.Null((await site.ToldAsync(ada)).Failure);
        Assert.Single(list.Told);
    }

    [Fact]
    public async Task A_number_that_belongs_to_another_contact_costs_the_person_the_number_and_not_the_list()
    {
        var (site, number) = (await NewSiteAsync(), $"SMS{list.Number}");
        list.Before = async (request, ct) =>
        {
            var isNew = (await request.Content!.ReadAsStringAsync(ct)).Contains(number, StringComparison.Ordinal);
            var refused = FakeList.Json(
                HttpStatusCode.BadRequest,
                $$"""
                {
                    "code": "duplicate_parameter",
                    "message": "Unable to create contact, {{number}} is already associated with another Contact",
                    "metadata": { "duplicate_identifiers": ["{{number}}"] }
                }
                """
            );
            refused.Headers.Add("x-sib-ratelimit-reset", "1");
            return isNew ? refused : null;
        };

        var ada = await site.SubscribeAsync(
            "ada@example.org",
            change: (contact, _) => contact.Properties = $$"""{"{{number}}":"+33612345678","city":"Turin"}"""
        );

        var synced = await site.ToldAsync(ada);
        Assert.Equal($"Brevo has the person without \"{number}\" (Brevo refused it).", synced.Remark);
        Assert.Equal(2, list.Calls.Count);
        var told = Assert.Single(list.Told);
        Assert.Equal("Turin", (string?)told.Body["attributes"]!["CITY"]);
        Assert.Contains("without", Assert.Single(await site.EventsAsync("list.synced")), StringComparison.Ordinal);
        var contact = await site.AuthorizedAsync(
            HttpMethod.Get,
            "/v1/contacts/" + Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Contact, ada.ContactId)
        );
        Assert.Equal(synced.Remark, (string?)contact.Json["subscriptions"]![0]!["remark"]);
    }

    [Fact]
    public async Task A_refusal_that_names_nothing_is_tried_once_without_any_property_and_else_at_our_own_pace()
    {
        var site = await NewSiteAsync();
        list.Before = (_, _) =>
        {
            var refused = FakeList.Json(HttpStatusCode.BadRequest, """{"code":"invalid_parameter","message":"Something is wrong"}""");
            refused.Headers.Add("x-sib-ratelimit-reset", "1");
            return Task.FromResult<HttpResponseMessage?>(refused);
        };
        var since = gateway.Clock.GetUtcNow().UtcDateTime;

        var failed = await site.FailedAsync(
            await site.SubscribeAsync("ada@example.org", change: (contact, _) => contact.Properties = """{"city":"Turin"}""")
        );

        Assert.True(failed.DueAt >= since + TimeSpan.FromSeconds(45));
        Assert.Equal(2, list.Calls.Count);
        Assert.Equal("Brevo answered 400 (invalid_parameter).", failed.Failure);
    }

    [Fact]
    public async Task Values_become_what_the_attribute_holds_and_those_that_cannot_are_left_out()
    {
        var site = await NewSiteAsync();
        brevo.Types["BORN"] = "date";
        brevo.Types["AGE"] = "float";
        brevo.Types["VIP"] = "boolean";

        var synced = await site.ToldAsync(
            await site.SubscribeAsync(
                "ada@example.org",
                change: (contact, _) => contact.Properties = """{"born":"1990-12-24T00:00:00+01:00","age":"1,234","vip":"sì"}"""
            )
        );

        var attributes = Assert.Single(list.Told).Body["attributes"]!;
        Assert.Equal("""{"BORN":"1990-12-24","VIP":true}""", attributes.ToJsonString());
        Assert.Equal("Brevo has the person without \"AGE\" (Brevo expects a number).", synced.Remark);
    }

    [Fact]
    public async Task A_blocked_server_address_is_said_with_the_place_to_allow_it()
    {
        var site = await NewSiteAsync();
        list.AnswerEverythingWith(
            HttpStatusCode.Unauthorized,
            """{"message":"We have detected you are using an unrecognised IP address 192.0.2.7.","code":"unauthorized"}"""
        );

        await site.HeldAsync(await site.SubscribeAsync("ada@example.org"));

        var problem = (await site.StatusAsync()).Json["problems"]![0]!;
        Assert.Equal(
            ("lists", "ip_not_allowed", 1),
            ((string?)problem["connection"], (string?)problem["code"], (int)problem["waiting"]!)
        );
        Assert.Contains("authorised_ips", (string?)problem["reason"]);
        Assert.DoesNotContain("192.0.2.7", (string?)problem["reason"]);
    }

    private Task<SiteUnderTest> NewSiteAsync() =>
        gateway.NewSiteAsync(list: row => (row.Provider, row.ProviderListId) = ("brevo", list.Id));
}
