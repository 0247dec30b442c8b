using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Sites.Connecting;

/// <summary>
/// POST /oauth/connection — a plugin's server exchanges the code that a browser brought for the site's connection key, as OAuth 2.1 does
/// it (authorization code with PKCE, a client without a secret).
/// </summary>
internal static class ExchangeCode
{
    private const int BodyBytes = 32 * 1024;
    private const int MaxVerifier = 128;

    /// <summary>What the plugin keeps.</summary>
    public sealed record Response(string connection_key, string site);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/oauth/connection", HandleAsync)
            .AllowAnonymous()
            .DisableAntiforgery()
            .LimitAs("connect", limits => limits.AddressPerMinute)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .WithName(nameof(ExchangeCode))
            .ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(ConnectCodes codes, FailedTries tries, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.ReadAsync(http.Request, ct);
        if (form.Error is { } unread)
        {
            return unread;
        }

        if (form.Value("grant_type") != "authorization_code")
        {
            return new OAuthError("unsupported_grant_type", "grant_type must be authorization_code.", StatusCodes.Status400BadRequest);
        }

        if (
            form.Value("code") is not { Length: <= 100 } code
            || form.Value("redirect_uri") is not { Length: <= ConnectRequest.MaxRedirect } redirect
            || form.Value("code_verifier") is not { Length: >= ConnectRequest.ChallengeLength and <= MaxVerifier } verifier
        )
        {
            return OAuthError.InvalidRequest("code, redirect_uri and code_verifier are needed, the last with 43 to 128 characters.");
        }

        if ((await codes.ExchangeAsync(code, redirect, verifier, ct)).IsRefused(out var why, out var connected))
        {
            return tries.Count(http, "connect") is { } tooMany
                ? tooMany
                : new OAuthError(why.Code, why.Message, StatusCodes.Status400BadRequest);
        }

        return TypedResults.Ok(new Response(connected.ConnectionKey, connected.Site));
    }
}
