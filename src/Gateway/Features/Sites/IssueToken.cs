using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
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
    private const int BodyBytes = 32 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The answer of RFC 6749, section 5.1, with its own names.</summary>
    public sealed record Response(string access_token, string token_type, int expires_in, string scope);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/oauth/token", HandleAsync)
            .AllowAnonymous()
            .DisableAntiforgery()
            .LimitAs("token", limits => limits.TokensPerMinute)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .WithTags("Callers")
            .WithName(nameof(IssueToken))
            .WithSummary("Exchange a client id and secret for an access token")
            .Produces<Response>();

        // Section 3.2 knows POST alone. In Development the framework would look for a file of this name.
        app.MapGet("/oauth/token", RefuseGet).AllowAnonymous().ExcludeFromDescription();
    }

    private static OAuthError RefuseGet(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Post;
        return new("invalid_request", "A token is asked for by POST.", StatusCodes.Status405MethodNotAllowed);
    }

    private static async Task<IResult> HandleAsync(
        GatewayDb db,
        ApiKeys apiKeys,
        TokenKeys keys,
        FailedTries tries,
        IOptions<GatewayOptions> options,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        var read = await TokenRequest.ReadAsync(http.Request, ct);
        if (read is not TokenReading.Valid { Request: var request })
        {
            return ((TokenReading.Refused)read).Error;
        }

        if (request.GrantType != "client_credentials")
        {
            return new OAuthError("unsupported_grant_type", "grant_type must be client_credentials.", StatusCodes.Status400BadRequest);
        }

        var wanted = request.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? Scopes.Usual;
        if (wanted.Length == 0 || wanted.Except(Scopes.All).Any())
        {
            return new OAuthError(
                "invalid_scope",
                $"A scope is one of {string.Join(", ", Scopes.All)}; several are separated by spaces.",
                StatusCodes.Status400BadRequest
            );
        }

        var credential = await db
            .Credentials.AsNoTracking()
            .SingleOrDefaultAsync(one => one.Kind == CredentialKind.Api && one.ClientId == request.ClientId && one.RevokedAt == null, ct);

        // An unknown client is compared all the same, so that the time tells nothing.
        if (!Secrets.Same(Secrets.Hash(request.ClientSecret), credential?.SecretHash ?? Secrets.Hash("")) || credential is null)
        {
            if (tries.Count(http, request.ClientId) is { } tooMany)
            {
                return tooMany;
            }

            return OAuthError.InvalidClient("The client id or the client secret is wrong, or was replaced.");
        }

        var allowed = credential.Scopes?.Split(' ') ?? Scopes.All;
        if (request.Scope is null)
        {
            // A key for something else alone opens that.
            var usual = Scopes.Usual.Intersect(allowed).ToArray();
            wanted = usual.Length > 0 ? usual : allowed;
        }

        if (wanted.Length == 0 || wanted.Except(allowed).Any())
        {
            return new OAuthError(
                "invalid_scope",
                $"This key may be used for {string.Join(", ", allowed)}, and for nothing else.",
                StatusCodes.Status400BadRequest
            );
        }

        await apiKeys.NoteUseAsync(credential, ct);
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

    /// <summary>Accounts at providers, with credentials: only a token that asked for it by name has it.</summary>
    public const string Connections = "connections";

    /// <summary>Whole files of people, in and out: only a token that asked for it by name has it.</summary>
    public const string Imports = "imports";

    /// <summary>What a token may be used for that asked for nothing by name.</summary>
    public static readonly string[] Usual = [Contacts, Sms, Mail, Hooks, Read, Operate];

    public static readonly string[] All = [.. Usual, Connections, Imports];
}
