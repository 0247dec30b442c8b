using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Features.Sites;

/// <summary>
/// A token request as RFC 6749 writes it: a form, and the client's id and secret either in the form or in HTTP Basic (section 2.3.1), where
/// both are form-encoded first.
/// </summary>
internal sealed record TokenRequest(string GrantType, string ClientId, string ClientSecret, string? Scope)
{
    /// <returns>The request, or how it breaks the RFC.</returns>
    public static async Task<TokenReading> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        var form = await OAuthForm.ReadAsync(http, ct);
        if (form.Error is { } unread)
        {
            return unread;
        }

        if (form.Value("grant_type") is not { } grantType)
        {
            return OAuthError.InvalidRequest("grant_type is missing. It must be client_credentials.");
        }

        var (id, secret) = (form.Value("client_id"), form.Value("client_secret"));
        if (http.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            if (!TryReadBasic(header, out var basic))
            {
                return OAuthError.InvalidClient("The Authorization header must be Basic with the client id and the client secret.");
            }

            if (secret is not null || (id is not null && id != basic.Value.Id))
            {
                return OAuthError.InvalidRequest("Send the client id and secret in one way: by HTTP Basic, or in the form.");
            }

            (id, secret) = basic.Value;
        }

        if (id is null || secret is null)
        {
            return OAuthError.InvalidClient("The client id or the client secret is missing. Send both, by HTTP Basic or in the form.");
        }

        // Appendix A: visible ASCII characters and spaces. No other id was ever given out.
        return id.All(letter => letter is >= ' ' and <= '~')
            ? new TokenReading.Valid(new(grantType, id, secret, form.Value("scope")))
            : OAuthError.InvalidClient("The client id or the client secret is wrong, or was replaced.");
    }

    private static bool TryReadBasic(string header, [NotNullWhen(true)] out (string Id, string Secret)? basic)
    {
        basic = null;
        var encoded = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? header[6..].Trim() : "";
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return false;
        }

        if (Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [{ Length: > 0 } id, var secret])
        {
            return false;
        }

        basic = (Decode(id), Decode(secret));
        return true;
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}

/// <summary>A token request that was read, or how it breaks RFC 6749.</summary>
internal abstract record TokenReading
{
    public static implicit operator TokenReading(OAuthError error) => new Refused(error);

    internal sealed record Valid(TokenRequest Request) : TokenReading;

    internal sealed record Refused(OAuthError Error) : TokenReading;
}
