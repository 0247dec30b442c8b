using System.Text.RegularExpressions;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists;

/// <summary>
/// A person is worth more than a property: what a provider refuses because of a property is pushed again without it, and what was left
/// out stays visible as a remark.
/// </summary>
internal static class PushWithoutProperties
{
    /// <param name="given">The properties as the provider takes them, and those that were left out already.</param>
    /// <param name="push">Pushes the person with these properties.</param>
    /// <returns>The verdict, and the provider's words for whoever looks for more in them.</returns>
    public static async Task<(Verdict Verdict, ProviderAnswer Answer)> PushAsync(
        string provider,
        ProviderValues given,
        Func<IReadOnlyDictionary<string, object>, Task<(Verdict Verdict, ProviderAnswer Answer)>> push
    )
    {
        var sent = given.Values;
        var left = given.LeftOut.ToList();
        var first = await push(sent);
        var last = first;
        for (var isFirst = true; last.Verdict.Concern is Concern.Property or Concern.Unknown && sent.Count > 0; isFirst = false)
        {
            // Those that the answer names, and when that was not enough, all of them.
            var named = sent.Keys.Where(name => IsNamed(last.Answer.Text, name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var without = named.Count == 0 || !isFirst ? [] : sent.Where(one => !named.Contains(one.Key)).ToDictionary();
            left.AddRange(sent.Keys.Where(name => !without.ContainsKey(name)).Select(name => $"\"{name}\" ({provider} refused it)"));
            sent = without;
            last = await push(sent);
        }

        if (last.Verdict.Outcome is not ListOutcome.Synced)
        {
            // Without properties it fares no better: the first answer says why.
            return last.Verdict.IsForAll || last.Verdict.Outcome is ListOutcome.Refused ? last : first;
        }

        return (left.Count == 0 ? last.Verdict : new(Concern.Person, new ListOutcome.Synced(Remark(provider, left))), last.Answer);
    }

    public static string Remark(string provider, IEnumerable<string> left) =>
        $"{provider} has the person without {string.Join(", ", left)}.";

    private static bool IsNamed(string text, string name) =>
        Regex.IsMatch(text, $@"(?<![\w-]){Regex.Escape(name)}(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
