using System.Text.RegularExpressions;

namespace Gateway.Features.Sms;

/// <summary>The order of providers by country calling code, written as in <see cref="SmsOptions.Route"/>.</summary>
internal static partial class SmsRoute
{
    public const string Twilio = "twilio";
    public const string Mailjet = "mailjet";
    public const string Vonage = "vonage";
    public const string Brevo = "brevo";
    public const string Sandbox = "sandbox";

    private const string Everywhere = "*";

    /// <summary>Those that send something.</summary>
    private static readonly string[] Real = [Twilio, Mailjet, Vonage, Brevo];

    /// <returns>The providers to ask for the number, first to last; of several calling codes that fit, the longest decides.</returns>
    public static IReadOnlyList<string> For(string route, string number) =>
        Parse(route)
            .Where(part => part.Prefix == Everywhere || number.AsSpan(1).StartsWith(part.Prefix))
            .OrderByDescending(part => part.Prefix == Everywhere ? 0 : part.Prefix.Length)
            .Select(part => part.Providers)
            .FirstOrDefault([]);

    /// <returns>Every provider the route names.</returns>
    public static IReadOnlyList<string> Providers(string? route) => [.. Parse(route).SelectMany(part => part.Providers).Distinct()];

    /// <returns>What is wrong with the route, as a sentence; null when nothing is.</returns>
    public static string? Error(string? route, IHostEnvironment environment)
    {
        var parts = Parse(route).ToList();
        if (parts.Find(part => part.Prefix != Everywhere && !Digits().IsMatch(part.Prefix)) is { Prefix: not null } odd)
        {
            return $"\"{odd.Prefix}\" is not a country calling code such as 33, or * for everywhere.";
        }

        var names = parts.SelectMany(part => part.Providers).ToList();
        return names.Find(name => name != Sandbox && !Real.Contains(name)) is { } unknown
                ? $"There is no provider \"{unknown}\": use {string.Join(", ", Real)} or, in Development, sandbox."
            : names.Contains(Sandbox) && !environment.IsDevelopment()
                ? $"The sandbox sends nothing and exists only in Development. Name one of {string.Join(", ", Real)}."
            : null;
    }

    private static IEnumerable<(string Prefix, string[] Providers)> Parse(string? route) =>
        (route ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part =>
            {
                var sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
                var providers = sides[^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                return (sides.Length == 2 ? sides[0].TrimStart('+') : Everywhere, providers);
            });

    [GeneratedRegex("^[1-9][0-9]{0,5}$")]
    private static partial Regex Digits();
}
