using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Features.Sites;

/// <summary>
/// A token request as RFC 6749 writes it: a form, and the client's id and secret either in the form or in HTTP Basic (section 2.3.1), where
/// both are form-encoded first.
/// </summary>
internal sealed record TokenRequest(string GrantType, string ClientId, string ClientSecret, string? Scope)
{
    /// <summary>Far more than any client sends.</summary>
    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 50,
        KeyLengthLimit = 200,
        ValueLengthLimit = 8000,
    };

    /// <returns>The request, or how it breaks the RFC.</returns>
    public static async Task<(TokenRequest? Request, OAuthError? Error)> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        if (!HasFormType(http))
        {
            return (null, OAuthError.InvalidRequest("The body must be a form of the type application/x-www-form-urlencoded."));
        }

        IFormCollection form;
        try
        {
            form = await new FormFeature(http, Limits).ReadFormAsync(ct);
        }
        catch (InvalidDataException)
        {
            return (null, OAuthError.InvalidRequest("The form has too many or too long fields."));
        }

        if (form.Any(field => field.Value.Count > 1))
        {
            return (null, OAuthError.InvalidRequest("Each parameter may be there once."));
        }

        // A parameter without a value counts as left out (section 3.2).
        string? Value(string name) => form[name].ToString() is { Length: > 0 } value ? value : null;

        if (Value("grant_type") is not { } grantType)
        {
            return (null, OAuthError.InvalidRequest("grant_type is missing. It must be client_credentials."));
        }

        var (id, secret) = (Value("client_id"), Value("client_secret"));
        if (http.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            if (!TryReadBasic(header, out var basic))
            {
                return (
                    null,
                    OAuthError.InvalidClient("The Authorization header must be Basic with the client id and the client secret.")
                );
            }

            if (secret is not null || (id is not null && id != basic.Value.Id))
            {
                return (null, OAuthError.InvalidRequest("Send the client id and secret in one way: by HTTP Basic, or in the form."));
            }

            (id, secret) = basic.Value;
        }

        if (id is null || secret is null)
        {
            return (
                null,
                OAuthError.InvalidClient("The client id or the client secret is missing. Send both, by HTTP Basic or in the form.")
            );
        }

        // Appendix A: visible ASCII characters and spaces. No other id was ever given out.
        return id.All(letter => letter is >= ' ' and <= '~')
            ? (new(grantType, id, secret, Value("scope")), null)
            : (null, OAuthError.InvalidClient("The client id or the client secret is wrong, or was replaced."));
    }

    private static bool HasFormType(HttpRequest http) =>
        MediaTypeHeaderValue.TryParse(http.ContentType, out var type)
        && string.Equals(type.MediaType, "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

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
