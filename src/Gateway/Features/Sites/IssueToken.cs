using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Sites;

/// <summary>POST /oauth/token — a client id and secret become an access token for an hour (RFC 6749, client credentials).</summary>
internal static class IssueToken
{
    public const string Audience = "gateway-api";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The answer of RFC 6749, section 5.1, with its own names.</summary>
    public sealed record Response(string access_token, string token_type, int expires_in, string scope);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/oauth/token", HandleAsync)
            .AllowAnonymous()
            .DisableAntiforgery()
            .WithTags("Callers")
            .WithName(nameof(IssueToken))
            .WithSummary("Exchange a client id and secret for an access token");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        [FromForm(Name = "grant_type")] string? grantType,
        [FromForm(Name = "client_id")] string? clientId,
        [FromForm(Name = "client_secret")] string? clientSecret,
        [FromForm(Name = "scope")] string? scope,
        GatewayDb db,
        TokenKeys keys,
        IOptions<GatewayOptions> options,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        if (grantType != "client_credentials")
        {
            return Refuse(StatusCodes.Status400BadRequest, "unsupported_grant_type", "grant_type must be client_credentials.");
        }

        var wanted = scope is { Length: > 0 } ? scope.Split(' ', StringSplitOptions.RemoveEmptyEntries) : Scopes.All;
        if (wanted.Except(Scopes.All).ToArray() is { Length: > 0 })
        {
            return Refuse(StatusCodes.Status400BadRequest, "invalid_scope", $"A scope is one of {string.Join(", ", Scopes.All)}.");
        }

        var credential = await db
            .Credentials.AsNoTracking()
            .SingleOrDefaultAsync(one => one.Kind == CredentialKind.Api && one.ClientId == (clientId ?? "") && one.RevokedAt == null, ct);

        // An unknown client is compared all the same, so that the time tells nothing.
        if (!Secrets.Same(Secrets.Hash(clientSecret ?? ""), credential?.SecretHash ?? Secrets.Hash("")) || credential is null)
        {
            return Refuse(
                StatusCodes.Status401Unauthorized,
                "invalid_client",
                "The client id or the client secret is wrong, or was replaced."
            );
        }

        var granted = string.Join(' ', wanted.Distinct());
        var now = clock.GetUtcNow().UtcDateTime;
        var token = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.Value.PublicBase,
                Audience = Audience,
                IssuedAt = now,
                NotBefore = now,
                Expires = now + Lifetime,
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = credential.ClientId!,
                    [CallerClaims.Site] = PublicId.Format(PublicId.Site, credential.SiteId),
                    [CallerClaims.Scope] = granted,
                    ["jti"] = Secrets.Random(12),
                },
                SigningCredentials = new SigningCredentials(await keys.CurrentAsync(ct), SecurityAlgorithms.EcdsaSha256),
            }
        );
        return TypedResults.Ok(new Response(token, "Bearer", (int)Lifetime.TotalSeconds, granted));
    }

    /// <summary>A problem like every other, with the <c>error</c> that OAuth clients look for.</summary>
    private static ProblemHttpResult Refuse(int status, string error, string detail)
    {
        var problem = Problems.Of(status, error, detail);
        problem.ProblemDetails.Extensions["error"] = error;
        return problem;
    }
}

/// <summary>What an access token may be used for.</summary>
internal static class Scopes
{
    public const string Contacts = "contacts";
    public const string Sms = "sms";
    public const string Mail = "mail";
    public const string Hooks = "hooks";
    public const string Read = "read";

    /// <summary>Deciding about what failed.</summary>
    public const string Operate = "operate";

    public static readonly string[] All = [Contacts, Sms, Mail, Hooks, Read, Operate];
}
