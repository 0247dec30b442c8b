using PhoneNumbers;

namespace Gateway.Features.Sms;

/// <summary>The countries that may be sent to, written as in <see cref="SmsOptions.Countries"/>.</summary>
internal static class SmsCountries
{
    private const string Every = "*";

    /// <param name="country">ISO 3166 letters; null for a number that belongs to no country, such as a satellite phone's.</param>
    public static bool Allow(string? countries, string? country) =>
        Parse(countries).Any(one => one == Every || one.Equals(country, StringComparison.OrdinalIgnoreCase));

    /// <returns>What is wrong with the list, as a sentence; null when nothing is.</returns>
    public static string? Error(string? countries) =>
        Parse(countries)
            .FirstOrDefault(one => one != Every && !PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(one.ToUpperInvariant()))
            is { } unknown
            ? $"\"{unknown}\" is not a country's two letters (ISO 3166), such as FR."
            : null;

    /// <returns>The countries that it names, as ISO 3166 letters; none where it means every country.</returns>
    public static IReadOnlyList<string> Named(string? countries) =>
        [.. Parse(countries).Where(one => one != Every).Select(one => one.ToUpperInvariant()).Order(StringComparer.Ordinal)];

    private static string[] Parse(string? countries) =>
        (countries ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
