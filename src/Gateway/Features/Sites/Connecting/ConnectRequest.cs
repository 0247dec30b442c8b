using System.Buffers;
using System.Web;
using Gateway.Infrastructure;

namespace Gateway.Features.Sites.Connecting;

/// <summary>
/// A plugin's wish to be connected, as OAuth 2.1 writes a request for an authorization code with PKCE. It comes through a browser, so
/// anybody may have written it.
/// </summary>
/// <param name="RedirectUri">The plugin's own page in the admin pages of its WordPress, and nothing else.</param>
/// <param name="State">What the plugin knows its request by.</param>
/// <param name="Challenge">SHA-256 of what only the plugin knows, in base64url.</param>
/// <param name="SiteName">What the WordPress is called; only a proposal.</param>
internal sealed record ConnectRequest(Uri RedirectUri, string State, string Challenge, string? SiteName)
{
    public const int MaxRedirect = 1000;
    public const int ChallengeLength = 43;

    /// <summary>The names of all parameters, as they pass from page to page.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "response_type",
        "redirect_uri",
        "state",
        "code_challenge",
        "code_challenge_method",
        "site_name",
    ];

    private const int MaxState = 200;
    private const string PluginPath = "/wp-admin/admin.php";
    private const string PluginQuery = "?page=gateway-connector";

    private static readonly SearchValues<char> Token = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>The machine that the code goes to. It is in ASCII, where no letter looks like another.</summary>
    public string Host => RedirectUri.Authority;

    /// <param name="value">Reads a parameter; null where it is left out.</param>
    /// <param name="isDevelopment">Whether a WordPress may do without https wherever it is.</param>
    /// <returns>The request, or a sentence for the person who came with it. Where it is refused nobody is sent anywhere.</returns>
    public static Result<ConnectRequest> Read(Func<string, string?> value, bool isDevelopment)
    {
        if (
            value("response_type") != "code"
            || value("code_challenge_method") != "S256"
            || value("code_challenge") is not { Length: ChallengeLength } challenge
            || challenge.AsSpan().ContainsAnyExcept(Token)
            || value("state") is not { Length: > 0 and <= MaxState } state
            || state.AsSpan().ContainsAnyExcept(Token)
        )
        {
            return Refusal.Invalid("This link is not complete. Go back to WordPress and press Connect there once more.");
        }

        if (RedirectOf(value("redirect_uri"), isDevelopment) is not { } redirect)
        {
            return Refusal.Invalid(
                "redirect_uri",
                "The address to come back to is not the page of Gateway Connector in a WordPress, or does not begin with https. Nothing "
                    + "was sent there. If your WordPress has no https or another path than wp-admin, connect it with a connection key."
            );
        }

        var name = value("site_name") is { } typed ? new string([.. typed.Where(letter => !char.IsControl(letter))]).Trim() : null;
        return new ConnectRequest(redirect, state, challenge, name is { Length: > 0 and <= SiteRules.MaxName } ? name : null);
    }

    /// <summary>Where the browser goes with the code.</summary>
    /// <param name="issuer">Who answers (RFC 9207), so that a plugin that asked another gateway does not take the code there.</param>
    public string Granted(string code, string issuer) => Back($"code={HttpUtility.UrlEncode(code)}", issuer);

    /// <summary>Where the browser goes when nobody is connected.</summary>
    public string Denied(string issuer) => Back("error=access_denied", issuer);

    /// <summary>The request as a query, to be read anew by another page.</summary>
    public string ToQuery()
    {
        string?[] values = ["code", RedirectUri.AbsoluteUri, State, Challenge, "S256", SiteName];
        return "?"
            + string.Join(
                '&',
                Names
                    .Zip(values)
                    .Where(pair => pair.Second is not null)
                    .Select(pair => $"{pair.First}={Uri.EscapeDataString(pair.Second!)}")
            );
    }

    private string Back(string answer, string issuer) =>
        $"{RedirectUri.AbsoluteUri}&{answer}&state={Uri.EscapeDataString(State)}&iss={Uri.EscapeDataString(issuer)}";

    private static Uri? RedirectOf(string? text, bool isDevelopment) =>
        text is { Length: > 0 and <= MaxRedirect }
        && text.All(letter => letter is > ' ' and <= '~' and not '\\')
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (isDevelopment || url.IsLoopback)))
        && url.UserInfo.Length == 0
        && url.Fragment.Length == 0
        && url.HostNameType is not UriHostNameType.Unknown
        && url.AbsolutePath.EndsWith(PluginPath, StringComparison.Ordinal)
        && url.Query == PluginQuery
            ? url
            : null;
}
