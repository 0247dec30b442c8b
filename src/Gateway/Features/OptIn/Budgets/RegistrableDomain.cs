using System.Globalization;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>
/// The part of a domain that somebody registered: whoever has it makes up as many names below it as they want. What is no registrant's is
/// told by the Public Suffix List (publicsuffix.org/list, MPL 2.0), of 2026-08-19, with the suffixes of companies that give away names.
/// </summary>
internal static class RegistrableDomain
{
    private static readonly Lazy<HashSet<string>> Rules = new(Read);

    /// <param name="domain">In lower case and ASCII.</param>
    /// <returns>Such as <c>shop.co.uk</c> for <c>mail.shop.co.uk</c>; the domain itself where it is a suffix.</returns>
    public static string Of(string domain)
    {
        var below = domain;
        for (var rest = domain; ;)
        {
            var parent = rest.IndexOf('.') is >= 0 and var dot ? rest[(dot + 1)..] : "";
            if (Rules.Value.Contains("!" + rest))
            {
                return rest;
            }

            // A last label that is not listed is a suffix too.
            if (parent.Length == 0 || Rules.Value.Contains(rest) || Rules.Value.Contains("*." + parent))
            {
                return below;
            }

            (below, rest) = (rest, parent);
        }
    }

    /// <summary>Whether the end of a domain is listed: <c>fr</c> is, <c>con</c> is not.</summary>
    public static bool IsSuffix(string ending) => Rules.Value.Contains(ending);

    private static HashSet<string> Read()
    {
        using var stream = typeof(RegistrableDomain).Assembly.GetManifestResourceStream("budgets/public-suffixes.txt")!;
        using var reader = new StreamReader(stream);
        var (rules, idn) = (new HashSet<string>(StringComparer.Ordinal), new IdnMapping());
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ')[0] is { Length: > 0 } rule && !rule.StartsWith("//", StringComparison.Ordinal))
            {
                var mark =
                    rule.StartsWith("*.", StringComparison.Ordinal) ? 2
                    : rule.StartsWith('!') ? 1
                    : 0;
                rules.Add(rule[..mark] + idn.GetAscii(rule[mark..]));
            }
        }

        return rules;
    }
}
