using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.Guard.SmsGuardOptions))]

namespace Gateway.Features.Sms.Guard;

/// <summary>What keeps SMS from costing more than anybody meant, section <c>Sms:Guard</c>. A site may have its own amounts.</summary>
internal sealed class SmsGuardOptions
{
    public const string Section = "Sms:Guard";

    /// <summary>Visitors' thresholds are counted, shown and not enforced.</summary>
    public const string Record = "record";

    /// <summary>What is over a visitors' threshold is refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>Nobody counts what visitors ask for.</summary>
    public const string Off = "off";

    /// <summary>The most that is counted; beyond it nobody means a budget.</summary>
    private const decimal MostMoney = 200_000;

    private static readonly string[] Modes = [Record, Refuse, Off];

    /// <summary>The most that one message may cost, in euros, with all its parts; null is no ceiling.</summary>
    public decimal? MaxPrice { get; set; }

    /// <summary>What a site may spend in a day of UTC, in euros; null is no budget.</summary>
    public decimal? MoneyPerDay { get; set; }

    /// <summary>What a part costs this installation, in euros, in the place of the estimates: <c>FR=0.055, US=0.012, *=0.30</c>.</summary>
    public string? Prices { get; set; }

    /// <summary>Ranges of <see cref="SmsRanges"/> that may be sent to all the same, by their digits: <c>870, 881</c>.</summary>
    public string? AllowedRanges { get; set; }

    /// <summary>What is done about messages that visitors asked for and nobody used: <c>record</c>, <c>refuse</c>, <c>off</c>.</summary>
    public string Visitors { get; set; } = Record;

    /// <returns>What is wrong with an amount, as a sentence; null when nothing is.</returns>
    public static string? AmountError(string name, decimal? euros) =>
        euros is null or (>= 0 and <= MostMoney)
            ? null
            : $"{name} must be an amount of euros from 0, which sends nothing, to {MostMoney:0}.";

    internal sealed class Validator : IValidateOptions<SmsGuardOptions>
    {
        public ValidateOptionsResult Validate(string? name, SmsGuardOptions options)
        {
            List<string> errors = [.. Errors(options)];
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static IEnumerable<string> Errors(SmsGuardOptions options)
        {
            if (AmountError("Sms__Guard__MaxPrice", options.MaxPrice) is { } price)
            {
                yield return price;
            }

            if (AmountError("Sms__Guard__MoneyPerDay", options.MoneyPerDay) is { } money)
            {
                yield return money;
            }

            if (SmsPrices.Error(options.Prices) is { } prices)
            {
                yield return "Sms__Guard__Prices: " + prices;
            }

            if (SmsRanges.Error(options.AllowedRanges) is { } ranges)
            {
                yield return "Sms__Guard__AllowedRanges: " + ranges;
            }

            if (!Modes.Contains(options.Visitors))
            {
                yield return $"Sms__Guard__Visitors is one of {string.Join(", ", Modes)}.";
            }
        }
    }
}
