using System.Globalization;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Guard;

/// <summary>
/// What messages cost: an estimate before they are sent (<c>prices.txt</c>, <see cref="SmsGuardOptions.Prices"/>), and what the provider
/// says once it does. Counted in ten-thousandths of a euro, rounded up.
/// </summary>
internal sealed class SmsPrices
{
    public const string Currency = "EUR";

    private const string Everywhere = "*";
    public const int PerEuro = 10_000;

    private static readonly IReadOnlyList<string> Lines = [.. GuardFile.Lines("prices.txt")];

    private readonly Dictionary<string, decimal> _parts = [];
    private readonly Dictionary<string, decimal> _rates = [];

    public SmsPrices(IOptions<SmsGuardOptions> options)
    {
        foreach (var line in Lines)
        {
            if (Pair(line, '=') is { } rate)
            {
                _rates[rate.Key] = rate.Value;
            }
            else if (Pair(line, ' ') is { } part)
            {
                _parts[part.Key] = part.Value;
            }
        }

        foreach (var own in Listed(options.Value.Prices).Select(text => Pair(text, '=')).OfType<KeyValuePair<string, decimal>>())
        {
            _parts[own.Key] = own.Value;
        }
    }

    /// <returns>What is wrong with the list, as a sentence; null when nothing is.</returns>
    public static string? Error(string? prices) =>
        Listed(prices)
            .FirstOrDefault(text =>
                Pair(text, '=') is not { Value: >= 0 and < 100 } price
                || (price.Key != Everywhere && SmsCountries.Error(price.Key) is not null)
            )
            is { } odd
            ? $"\"{odd}\" is not a country and the euros for a part, such as FR=0.055; * is every country that is not named."
            : null;

    /// <param name="country">ISO 3166 letters; null for a number of no country.</param>
    /// <returns>What a message of so many parts may cost, in ten-thousandths of a euro.</returns>
    public int Estimate(string? country, int parts) => Count(_parts.GetValueOrDefault(country ?? Everywhere, _parts[Everywhere]) * parts);

    public int Estimate(SmsMessage sms) => Estimate(PhoneNumber.Parse(sms.Recipient, null, out _)?.Country, sms.Parts);

    /// <summary>What a provider says that a message cost, in ten-thousandths of a euro.</summary>
    /// <param name="currency">ISO 4217.</param>
    /// <returns>Null where nobody knows what its currency is worth.</returns>
    public int? Of(decimal amount, string? currency) =>
        currency is not null && _rates.TryGetValue(currency, out var rate) ? Count(amount * rate) : null;

    public static int Count(decimal euros) => (int)Math.Min(int.MaxValue, Math.Ceiling(euros * PerEuro));

    /// <returns>Euros as people write them: <c>0.08</c>.</returns>
    public static string Text(int count) => ((decimal)count / PerEuro).ToString("0.00##", CultureInfo.InvariantCulture);

    private static string[] Listed(string? prices) =>
        (prices ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static KeyValuePair<string, decimal>? Pair(string text, char separator) =>
        text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var key, var number]
        && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new(key.ToUpperInvariant(), value)
            : null;
}
