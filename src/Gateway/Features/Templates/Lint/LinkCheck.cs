using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>Where links lead, and whether that is where they say.</summary>
internal sealed class LinkCheck : ILintCheck
{
    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (message.IsSms || string.IsNullOrWhiteSpace(message.Html))
        {
            yield break;
        }

        var shorteners = LintFiles.Words("shorteners.txt");
        foreach (var link in message.Document.Dom.QuerySelectorAll("a[href], area[href]"))
        {
            var target = link.GetAttribute("href")!.Trim();
            if (Scheme(target) is "javascript" or "data" or "vbscript")
            {
                yield return New(
                    "link-script",
                    FindingSeverity.Error,
                    T("A link runs a script. Mail programs remove it, and filters take the mail for an attack."),
                    T("Link to a page.")
                );
            }
            else if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                if (url.Scheme == "http")
                {
                    yield return New(
                        $"link-http:{url.Host}",
                        FindingSeverity.Warning,
                        T($"A link to {url.Host} is not encrypted."),
                        T("Begin it with https://.")
                    );
                }

                if (shorteners.Contains(url.Host))
                {
                    yield return New(
                        $"link-shortened:{url.Host}",
                        FindingSeverity.Warning,
                        T($"A link goes through {url.Host}, so nobody sees where it leads, and filters distrust it."),
                        T("Link to the page itself.")
                    );
                }

                if (ShownHost(link.TextContent) is { } shown && !SameOwner(shown, url.Host))
                {
                    yield return New(
                        $"link-mismatch:{shown}",
                        FindingSeverity.Error,
                        T($"A link shows {shown} but leads to {url.Host}. That is how phishing looks."),
                        T("Show the address that it leads to, or words.")
                    );
                }
            }
        }
    }

    private static string? Scheme(string target) =>
        new string([
            .. target.TakeWhile(letter => letter != ':').Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter)),
        ]).ToLowerInvariant();

    /// <returns>The host when the words of a link are an address themselves.</returns>
    private static string? ShownHost(string words)
    {
        var text = words.Trim();
        if (text.Any(char.IsWhiteSpace) || text.Contains('@') || !text.Contains('.'))
        {
            return null;
        }

        var address = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.HostNameType == UriHostNameType.Dns && LooksLikeHost(url.Host)
            ? url.Host
            : null;
    }

    private static bool LooksLikeHost(string host) => host.Split('.')[^1] is { Length: >= 2 } top && top.All(char.IsLetter);

    /// <summary>Whether one is the other or below it; <c>www.</c> aside.</summary>
    private static bool SameOwner(string shown, string real)
    {
        var (one, other) = (Bare(shown), Bare(real));
        return one == other || other.EndsWith("." + one, StringComparison.Ordinal) || one.EndsWith("." + other, StringComparison.Ordinal);
    }

    private static string Bare(string host) =>
        host.ToLowerInvariant() is ['w', 'w', 'w', '.', .. var bare] ? bare : host.ToLowerInvariant();

    private static Finding New(string id, FindingSeverity severity, string reason, string suggestion) =>
        new(id, FindingFamily.Law, severity, Places.Html, reason, suggestion);
}
