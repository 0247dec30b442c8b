using Gateway.Features.Sms;
using Gateway.Features.Sms.Guard;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Sms.Guard;

/// <summary>The data files of the guard, and what they come to.</summary>
public sealed class GuardDataTests
{
    [Theory]
    [InlineData("FR", 1, 800)]
    [InlineData("FR", 3, 2400)]
    [InlineData("US", 1, 200)]
    [InlineData("BD", 2, 8000)]
    [InlineData(null, 1, 4000)]
    public void A_message_is_estimated_by_country_and_parts(string? country, int parts, int expected) =>
        Assert.Equal(expected, Prices().Estimate(country, parts));

    [Fact]
    public void An_operators_prices_take_the_place_of_the_estimates()
    {
        var prices = Prices("fr=0.055, *=0.3");

        Assert.Equal((550, 3000, 200), (prices.Estimate("FR", 1), prices.Estimate("BD", 1), prices.Estimate("US", 1)));
    }

    [Theory]
    [InlineData("0.0333", "EUR", 333)]
    [InlineData("0.00001", "EUR", 1)]
    [InlineData("0.0075", "USD", 75)]
    [InlineData("1", "XTS", null)]
    [InlineData("1", null, null)]
    public void A_price_is_counted_in_euros_where_its_currency_is_known(string amount, string? currency, int? expected) =>
        Assert.Equal(expected, Prices().Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency));

    [Theory]
    [InlineData("FR")]
    [InlineData("FR=")]
    [InlineData("FR=cheap")]
    [InlineData("FR=-1")]
    [InlineData("FR=1000")]
    [InlineData("France=0.08")]
    [InlineData("FR=0.08, XX=0.1")]
    public void A_list_of_prices_that_cannot_be_read_is_told(string prices) => Assert.NotNull(SmsPrices.Error(prices));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("FR=0.08,us=0.012 , *=1,")]
    public void A_list_of_prices_is_written_as_countries_and_euros(string? prices) => Assert.Null(SmsPrices.Error(prices));

    [Fact]
    public void Every_estimate_is_of_a_country_and_a_price_that_can_be()
    {
        var lines = GuardFile.Lines("prices.txt").ToList();
        var estimates = lines.Where(line => !line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();

        Assert.True(estimates.Count > 30);
        Assert.Equal(estimates.Count, estimates.DistinctBy(estimate => estimate[0]).Count());
        Assert.All(estimates, estimate => Assert.Null(SmsPrices.Error($"{estimate[0]}={estimate[1]}")));
        Assert.Contains(lines, line => line == "EUR = 1");
    }

    [Fact]
    public void Every_range_names_its_source_and_none_hides_another()
    {
        var ranges = GuardFile.Lines("ranges.txt").Select(SmsRange.Read).ToList();

        Assert.All(ranges, range => Assert.Matches("^[1-9][0-9]{1,5}$", range.Digits));
        Assert.All(ranges, range => Assert.True(range is { What.Length: > 0, Source.Length: > 0 }));
        Assert.All(
            ranges,
            range =>
                Assert.DoesNotContain(ranges, other => other != range && other.Digits.StartsWith(range.Digits, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_range_that_the_operator_allows_is_sent_to()
    {
        var ranges = new SmsRanges(Options.Create(new SmsGuardOptions { AllowedRanges = "881, 870" }));

        Assert.Null(ranges.Find("+881631234567"));
        Assert.Null(ranges.Find("+870773111632"));
        Assert.Equal("882", ranges.Find("+88216123456")!.Digits);
        Assert.Null(ranges.Find("+33612345678"));
        Assert.Null(SmsRanges.Error("881, 870"));
        Assert.Contains("33", SmsRanges.Error("881, 33"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACME", "ES", 1)]
    [InlineData("AB", "ES", 2)]
    [InlineData("Two  blanks", "ES", 2)]
    [InlineData("Ñandú", "ES", 2)]
    [InlineData("Niño & Co.", "ES", 1)]
    [InlineData("+34612345678", "ES", 0)]
    [InlineData("ACME", "FR", 1)]
    [InlineData("ACME", "US", 1)]
    [InlineData("+12125552368", "US", 1)]
    [InlineData("MG0123456789abcdef0123456789abcdef", "US", 1)]
    [InlineData("MG0123456789abcdef0123456789abcdef", "ES", 0)]
    [InlineData("+33612345678", "IN", 1)]
    [InlineData("ACME", "DE", 0)]
    [InlineData("ACME", "ES,FR,US", 3)]
    [InlineData("ACME", "", 0)]
    public void A_sender_is_warned_of_what_the_allowed_countries_ask(string sender, string countries, int warnings)
    {
        var told = SenderRules.For([sender, sender], countries);

        Assert.Equal(warnings, told.Count);
        Assert.All(told, warning => Assert.True(warning is { Text.Length: > 0, Source.Length: > 0 } && warning.Sender == sender));
    }

    [Fact]
    public void Every_country_of_a_rule_is_one() =>
        Assert.All(
            SenderRules.For(["ACME", "123", "MG0123456789abcdef0123456789abcdef"], "*"),
            one => Assert.Null(SmsCountries.Error(one.Country))
        );

    private static SmsPrices Prices(string? own = null) => new(Options.Create(new SmsGuardOptions { Prices = own }));
}
