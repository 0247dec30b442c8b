namespace Gateway.Features.Mail.Smtp;

/// <summary>
/// Sign-in at the mail server by an access token (SASL XOAUTH2) in place of a password, section <c>Mail:Smtp:OAuth</c>. With
/// <see cref="RefreshToken"/> it is the grant of RFC 6749, section 6 (Google), without it that of section 4.4, client credentials
/// (Microsoft 365).
/// </summary>
internal sealed class SmtpOAuthOptions
{
    /// <summary>
    /// Where tokens are given out: <c>https://login.microsoftonline.com/TENANT/oauth2/v2.0/token</c>,
    /// <c>https://oauth2.googleapis.com/token</c>.
    /// </summary>
    public Uri? TokenUrl { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? RefreshToken { get; set; }

    /// <summary>What the token is for; Microsoft 365 asks for <c>https://outlook.office365.com/.default</c>.</summary>
    public string? Scope { get; set; }

    public bool IsConfigured => TokenUrl is not null;

    /// <returns>A sentence for each setting that cannot work.</returns>
    public IEnumerable<string> Errors()
    {
        if (!IsConfigured)
        {
            if (ClientId is { Length: > 0 } || ClientSecret is { Length: > 0 } || RefreshToken is { Length: > 0 })
            {
                yield return "Mail__Smtp__OAuth__TokenUrl is missing: it is the address that gives out tokens, such as "
                    + "https://oauth2.googleapis.com/token.";
            }

            yield break;
        }

        if (!TokenUrl!.IsAbsoluteUri || (TokenUrl.Scheme != Uri.UriSchemeHttps && !TokenUrl.IsLoopback))
        {
            yield return "Mail__Smtp__OAuth__TokenUrl must begin with https://, since the client's secret goes there.";
        }

        if (ClientId is not { Length: > 0 })
        {
            yield return "Mail__Smtp__OAuth__ClientId is missing: it is the id of the application that you registered.";
        }

        if (RefreshToken is not { Length: > 0 } && ClientSecret is not { Length: > 0 })
        {
            yield return "Mail__Smtp__OAuth__ClientSecret or Mail__Smtp__OAuth__RefreshToken must be set: nobody gives out tokens without.";
        }
    }
}
