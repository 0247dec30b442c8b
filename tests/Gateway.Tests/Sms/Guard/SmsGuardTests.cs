using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.Operations;
using Gateway.Tests.Sms.Vonage;
using Gateway.Tests.Submissions;
using PhoneNumbers;

namespace Gateway.Tests.Sms.Guard;

/// <summary>What keeps a site's SMS from costing more than anybody meant.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed class SmsGuardTests
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();
    private static readonly int[] NoCountry = [870, 878, 881, 882, 883, 888, 979];
    private static readonly string[] WithPremiumNumbers = ["FR", "GB", "DE", "ES", "IT", "US", "BE", "CH", "AT", "NL"];
    private static readonly string[] WithPersonalNumbers = ["GB", "DE", "CH", "US"];
    private static readonly string[] Refusals = ["range_not_allowed", "number_invalid"];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_message_that_may_cost_more_than_the_ceiling_is_refused_before_anybody_is_asked()
    {
        var site = await gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => rules.MaxPrice = 0.10m);
        var script = gateway.Sms.For(site);

        var one = await site.SendSmsAsync();
        var two = await site.SendSmsAsync(text: new string('a', 161));
        var far = await site.SendSmsAsync("+8801712345678");
        var cheap = await site.SendSmsAsync("+12125552368", new string('a', 5 * 153));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (one.Status, cheap.Status));
        Assert.Equal((HttpStatusCode.Forbidden, "price_too_high"), (two.Status, two.Code));
        Assert.Contains("0.16 EUR", (string?)two.Json["detail"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, "price_too_high"), (far.Status, far.Code));
        await site.SmsBecomesAsync(cheap.Id, SmsState.Delivered);
        await site.SmsBecomesAsync(one.Id, SmsState.Delivered);
        Assert.Equal(2, script.Calls.Count);
    }

    [Fact]
    public async Task The_money_of_a_day_is_never_overspent_by_those_that_come_at_once()
    {
        var site = await gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => (rules.MoneyPerDay, rules.PerRecipientHour) = (0.40m, 1000));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(at => site.SendSmsAsync($"+3361234{at:0000}")));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer =>
            {
                Assert.Equal((HttpStatusCode.Forbidden, "budget_exceeded"), (answer.Status, answer.Code));
                Assert.Contains("0.40 EUR a day", (string?)answer.Json["detail"], StringComparison.Ordinal);
            }
        );
        Assert.Equal(0.40m, (await CheckAsync(site)).GetProperty("guard").GetProperty("spentToday").GetDecimal());
        var shown = (await site.StatusAsync()).Json["sms"]!;
        Assert.Equal((0.40m, "EUR"), ((decimal)shown["spentToday"]!, (string?)shown["currency"]));
    }

    [Fact]
    public async Task What_the_provider_says_takes_the_place_of_the_estimate_once()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        Assert.Equal(0.08m, await SpentAsync(vonage.Site));
        var call = vonage.Account.Calls.Single();

        foreach (var status in new[] { "submitted", "delivered" })
        {
            await vonage.StatusAsync(call, status, body => body["usage"] = Usage("0.0333", "EUR"));
        }

        Assert.Equal(0.0333m, await SpentAsync(vonage.Site));
    }

    [Fact]
    public async Task What_is_sent_again_is_spent_again_and_never_over_the_money_of_the_day()
    {
        var site = await gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => rules.MoneyPerDay = 0.20m);
        var script = gateway.Sms.For(site);
        script.Send = _ => Task.FromResult<SmsOutcome>(new SmsOutcome.Refused("not_taken", "The provider does not take it.", "1"));
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Failed);

        Assert.Null(await SendAgainAsync(sms.Id));
        await site.SmsBecomesAsync(sms.Id, SmsState.Failed);
        Assert.Equal(0.16m, await SpentAsync(site));

        Assert.Contains("0.20 EUR a day", await SendAgainAsync(sms.Id), StringComparison.Ordinal);
        Assert.Equal((SmsState.Failed, 0.16m), ((await site.SmsAsync(sms.Id)).State, await SpentAsync(site)));
        Assert.Equal(2, script.Calls.Count);
    }

    [Fact]
    public async Task A_currency_that_nobody_knows_leaves_the_estimate()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);

        await vonage.StatusAsync(vonage.Account.Calls.Single(), "submitted", body => body["usage"] = Usage("5", "XTS"));

        Assert.Equal(("XTS", 0.08m), ((await vonage.Site.SmsAsync(sms.Id)).Currency, await SpentAsync(vonage.Site)));
    }

    [Fact]
    public async Task What_is_dearer_than_thought_ends_the_budget_sooner()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        await vonage.Site.RuleAsync("--route", "vonage", "--money-per-day", "0.30");
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);

        await vonage.StatusAsync(vonage.Account.Calls.Single(), "submitted", body => body["usage"] = Usage("0.25", "USD"));

        Assert.Equal("budget_exceeded", (await vonage.Site.SendSmsAsync()).Code);
    }

    [Fact]
    public async Task Prices_of_nonsense_end_the_budget_and_lose_no_receipt()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var ids = new List<string>();
        for (var at = 0; at < 4; at++)
        {
            ids.Add((await vonage.Site.SendSmsAsync($"+3361234567{at}")).Id);
            await vonage.Site.SmsBecomesAsync(ids[at], SmsState.Sent);
        }

        foreach (var call in vonage.Account.Calls)
        {
            await vonage.StatusAsync(call, "delivered", body => body["usage"] = Usage("99999", "EUR"));
        }

        foreach (var id in ids)
        {
            Assert.Equal(SmsState.Delivered, (await vonage.Site.SmsAsync(id)).State);
        }

        Assert.Equal(200_000m, await SpentAsync(vonage.Site));
    }

    public static TheoryData<string> Ranges =>
        [
            .. from code in NoCountry select Numbers.Format(Numbers.GetExampleNumberForNonGeoEntity(code), PhoneNumberFormat.E164),
            .. from country in WithPremiumNumbers
            select Numbers.Format(Numbers.GetExampleNumberForType(country, PhoneNumberType.PREMIUM_RATE), PhoneNumberFormat.E164),
            .. from country in WithPersonalNumbers
            select Numbers.Format(Numbers.GetExampleNumberForType(country, PhoneNumberType.PERSONAL_NUMBER), PhoneNumberFormat.E164),
        ];

    [Theory, MemberData(nameof(Ranges))]
    public async Task Satellites_and_premium_ranges_of_the_countries_are_not_sent_to(string number)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SendSmsAsync(number);

        Assert.True((int)answer.Status is >= 400 and < 500, $"{number}: {answer.Status}");
        Assert.Contains(answer.Code, Refusals);
    }

    [Theory]
    [InlineData("+870773111632", "satellite telephones (Inmarsat)")]
    [InlineData("+881631234567", "satellite telephones (Iridium, Globalstar)")]
    [InlineData("+447012345678", "personal numbers in the United Kingdom")]
    public async Task A_refused_range_is_named(string number, string what)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.SendSmsAsync(number);

        Assert.Equal((HttpStatusCode.Forbidden, "range_not_allowed"), (answer.Status, answer.Code));
        Assert.Contains(what, (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_sets_what_a_site_pays_and_sees_it()
    {
        var site = await gateway.NewSiteAsync();

        var refused = await site.RuleAsync("--max-price", "-1");
        var set = await site.RuleAsync("--max-price", "0.5", "--money-per-day", "20", "--countries", "ES,FR,US");
        var checkedText = await CommandResult.OfAsync(Services, "", ["sms", "check", site.PublicId]);
        var policy = (await CheckAsync(site)).GetProperty("policy");

        Assert.Contains("--max-price must be an amount of euros", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, set.Code);
        Assert.Equal((0.5m, 20m), (policy.GetProperty("maxPrice").GetDecimal(), policy.GetProperty("moneyPerDay").GetDecimal()));
        Assert.Contains(
            "Price: at most 0.50 EUR for one message, at most 20.00 EUR a day. Today about 0.00 EUR",
            checkedText.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("Warning, Sandbox to ES: Spain blocks names", checkedText.Output, StringComparison.Ordinal);
        Assert.Contains("Warning, Sandbox to US: Names do not reach the United States", checkedText.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("to IN:", checkedText.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_rule()
    {
        var site = await gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => rules.MoneyPerDay = 0.01m);
        var before = await Scrape.ReadAsync(gateway);

        await site.SendSmsAsync();

        var after = await Scrape.ReadAsync(gateway);
        string[] labels = ["rule=\"money_per_day\"", "action=\"refused\""];
        Assert.InRange(after["gateway_sms_guard_total", labels] - before["gateway_sms_guard_total", labels], 1, double.MaxValue);
    }

    private Task<string?> SendAgainAsync(string id) =>
        gateway.InScopeAsync<FailedItems, string?>(failed => failed.ReplayAsync(id, new(), "test", CancellationToken.None));

    private Task<IServiceProvider> Services() => Task.FromResult(gateway.Services);

    private async Task<JsonElement> CheckAsync(SiteUnderTest site) =>
        (await CommandResult.OfAsync(Services, "", ["sms", "check", site.PublicId, "--json"])).Json;

    private async Task<decimal> SpentAsync(SiteUnderTest site) =>
        (await CheckAsync(site)).GetProperty("guard").GetProperty("spentToday").GetDecimal();

    private static JsonObject Usage(string price, string currency) => new() { ["price"] = price, ["currency"] = currency };
}

/// <summary>The operator's commands about a site's SMS.</summary>
internal static class SmsGuardCommands
{
    public static async Task<CommandResult> RuleAsync(this SiteUnderTest site, params string[] options)
    {
        var result = await CommandResult.OfAsync(
            () => Task.FromResult(site.Gateway.Services),
            "",
            ["sms", "rules", site.PublicId, .. options]
        );
        ((SmsSettingsCache)site.Gateway.Services.GetService(typeof(SmsSettingsCache))!).Forget(site.Id);
        return result;
    }
}
