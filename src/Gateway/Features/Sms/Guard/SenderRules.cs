using System.Text.RegularExpressions;
using Gateway.Features.Sms.Twilio;

namespace Gateway.Features.Sms.Guard;

/// <summary>What a country asks of a sender, which nobody here can check: who is registered where.</summary>
/// <param name="Country">ISO 3166 letters.</param>
/// <param name="Text">What to do, as sentences.</param>
/// <param name="Source">Where that is written.</param>
internal sealed record SenderWarning(string Country, string Sender, string Text, string Source);

/// <summary>What countries ask of senders: <c>sender-rules.txt</c>.</summary>
internal static class SenderRules
{
    private const string Any = "any";
    private const string Form = "form";
    private const string Name = "name";
    private const string Number = "number";
    private const string Service = "service";

    private static readonly IReadOnlyList<SenderRule> All = [.. GuardFile.Lines("sender-rules.txt").Select(SenderRule.Read)];

    /// <param name="countries">Those that may be sent to, as in <see cref="SmsOptions.Countries"/>.</param>
    public static IReadOnlyList<SenderWarning> For(IEnumerable<string> senders, string? countries) =>
        [
            .. from sender in senders.Distinct()
            from rule in All
            where SmsCountries.Allow(countries, rule.Country) && Concerns(rule, sender)
            select new SenderWarning(rule.Country, sender, rule.Text, rule.Source),
        ];

    private static bool Concerns(SenderRule rule, string sender) =>
        rule.Kind == Any
        || (rule.Kind == Form ? KindOf(sender) == Name && !Regex.IsMatch(sender, rule.Pattern!) : rule.Kind == KindOf(sender));

    private static string KindOf(string sender) =>
        TwilioOptions.IsMessagingService(sender) ? Service
        : sender.Any(char.IsLetter) ? Name
        : Number;

    /// <param name="Kind">Which senders it is about; <c>form</c> are names that do not match the pattern.</param>
    /// <param name="Pattern">A regular expression.</param>
    private sealed record SenderRule(string Country, string Kind, string? Pattern, string Text, string Source)
    {
        public static SenderRule Read(string line) =>
            line.Split('|', StringSplitOptions.TrimEntries) is [var head, var text, var source]
            && head.Split(' ', 3) is [var country, var kind, .. var pattern]
                ? new(country, kind, pattern is [var one] ? one : null, text, source)
                : throw new InvalidDataException($"No rule: {line}");
    }
}
