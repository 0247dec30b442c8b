using System.Security.Claims;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sites.OidcOptions))]

namespace Gateway.Features.Sites;

/// <summary>
/// Kinds of caller, one policy each: the plugin by signature, Zapier and scripts by token (ours or an OIDC issuer's), people by the cookie
/// of the admin pages.
/// </summary>
internal static class Authentication
{
    private const string Oidc = "Oidc";
    private const string Caller = "Caller";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddGatewayAuthentication(this IServiceCollection services, IConfiguration configuration)
    {
        var oidc = configuration.GetSection(OidcOptions.Section).Get<OidcOptions>() ?? new OidcOptions();
        services.AddSingleton<TokenKeys>();
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptions.Validator>();

        var authentication = services
            .AddAuthentication(Caller)
            .AddScheme<AuthenticationSchemeOptions, SignatureAuthentication>(SignatureAuthentication.Name, null)
            .AddJwtBearer()
            .AddPolicyScheme(Caller, null, options => options.ForwardDefaultSelector = http => SchemeFor(http, oidc));
        services
            .AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenKeys, IOptions<GatewayOptions>, TimeProvider>(OwnTokens);

        if (oidc.Authority is { Length: > 0 })
        {
            authentication.AddJwtBearer(Oidc, options => ForeignTokens(options, oidc));
        }

        services.AddAuthorization(options =>
        {
            // What no policy names is refused, so that an endpoint which forgot its policy opens nothing. What answers 404, 405 and
            // 415 is no route of ours.
            options.FallbackPolicy = new AuthorizationPolicyBuilder()
                .RequireAssertion(context => (context.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint)
                .Build();
            options.AddPolicy(
                Policies.Plugin,
                policy => policy.RequireAssertion(context => context.User.Identity?.AuthenticationType == SignatureAuthentication.Name)
            );
            options.AddPolicy(Policies.Token, policy => policy.RequireClaim(CallerClaims.Site));
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(
                    Policies.Scoped(scope),
                    policy => policy.RequireClaim(CallerClaims.Site).RequireAssertion(context => HasScope(context.User, scope))
                );
                options.AddPolicy(
                    Policies.Reading(scope),
                    policy =>
                        policy
                            .RequireClaim(CallerClaims.Site)
                            .RequireAssertion(context => HasScope(context.User, scope) || HasScope(context.User, Scopes.Read))
                );
            }
        });
        return services;
    }

    /// <summary>One scheme for each kind of path, chosen before the rate limiter asks who calls.</summary>
    private static string SchemeFor(HttpContext http, OidcOptions oidc) =>
        http.Request.Path.StartsWithSegments("/v1/sites") ? SignatureAuthentication.Name
        : http
            .RequestServices.GetServices<IAuthenticationSchemeSelector>()
            .Select(one => one.SchemeOf(http))
            .FirstOrDefault(scheme => scheme is not null)
            is { } scheme
            ? scheme
        : IsForeign(http, oidc) ? Oidc
        : JwtBearerDefaults.AuthenticationScheme;

    /// <summary>Our own tokens: ES256 only, our issuer, our audience, and the clock that they were made by.</summary>
    private static void OwnTokens(JwtBearerOptions options, TokenKeys keys, IOptions<GatewayOptions> gateway, TimeProvider clock)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new()
        {
            ValidIssuer = gateway.Value.PublicBase,
            ValidAudience = IssueToken.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            LifetimeValidator = (notBefore, expires, _, _) =>
                clock.GetUtcNow().UtcDateTime is var now && notBefore <= now + ClockSkew && now - ClockSkew < expires,
            NameClaimType = "sub",
            IssuerSigningKeyResolver = (_, _, _, _) => keys.Known,
        };
        options.Events = new()
        {
            OnMessageReceived = context => ReadKeysAsync(context, keys),
            OnTokenValidated = NameCaller,
            OnChallenge = BearerErrors.ChallengeAsync,
            OnForbidden = BearerErrors.ForbidAsync,
        };
    }

    /// <summary>Tokens of the configured issuer; which claim holds the site is a setting.</summary>
    private static void ForeignTokens(JwtBearerOptions options, OidcOptions oidc)
    {
        options.Authority = oidc.Authority;
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new()
        {
            ValidAudience = oidc.Audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            NameClaimType = "sub",
        };
        options.Events = new()
        {
            OnTokenValidated = context =>
            {
                var identity = (ClaimsIdentity)context.Principal!.Identity!;
                if (oidc.SiteClaim != CallerClaims.Site && identity.FindFirst(oidc.SiteClaim) is { } site)
                {
                    identity.AddClaim(new(CallerClaims.Site, site.Value));
                }

                return NameCaller(context);
            },
            OnChallenge = BearerErrors.ChallengeAsync,
            OnForbidden = BearerErrors.ForbidAsync,
        };
    }

    /// <summary>The verifier cannot wait for the database, so a key it will need is read before.</summary>
    private static Task ReadKeysAsync(MessageReceivedContext context, TokenKeys keys) =>
        Read(context.HttpContext) is { Kid: { Length: > 0 } keyId }
            ? keys.LearnAsync(keyId, context.HttpContext.RequestAborted)
            : Task.CompletedTask;

    private static Task NameCaller(TokenValidatedContext context)
    {
        ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(
            new(CallerClaims.Caller, context.Principal.FindFirstValue("sub") ?? "token")
        );
        return Task.CompletedTask;
    }

    public static bool HasScope(ClaimsPrincipal user, string scope) =>
        user.FindFirstValue(CallerClaims.Scope)?.Split(' ').Contains(scope) == true;

    private static bool IsForeign(HttpContext http, OidcOptions oidc) =>
        oidc.Authority is { Length: > 0 } authority && Read(http)?.Issuer.TrimEnd('/') == authority.TrimEnd('/');

    private static JsonWebToken? Read(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        return token.Length is > 0 and < 8000 && new JsonWebTokenHandler().CanReadToken(token) ? Parse(token) : null;
    }

    private static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Names of the authorization policies.</summary>
internal static class Policies
{
    /// <summary>The site's WordPress plugin, by signature.</summary>
    public const string Plugin = "plugin";

    /// <summary>Any valid access token of a site.</summary>
    public const string Token = "token";

    private const string ScopedStart = "scope:";
    private const string ReadingStart = "reading:";

    /// <summary>An access token with this scope.</summary>
    public static string Scoped(string scope) => ScopedStart + scope;

    /// <summary>An access token with this scope, or with <c>read</c>.</summary>
    public static string Reading(string scope) => ReadingStart + scope;

    /// <returns>The scopes of which a policy wants one; none when it wants no scope.</returns>
    public static IReadOnlyList<string> ScopesOf(string? policy) =>
        policy is null ? []
        : policy.StartsWith(ScopedStart, StringComparison.Ordinal) ? [policy[ScopedStart.Length..]]
        : policy.StartsWith(ReadingStart, StringComparison.Ordinal) ? [policy[ReadingStart.Length..], Scopes.Read]
        : [];

    /// <summary>
    /// The scope of a group of routes, said once: <see cref="Reading"/> for GET, <see cref="Scoped"/> for everything else. An endpoint that
    /// names a policy
    /// of its own keeps it.
    /// </summary>
    public static RouteGroupBuilder RequireScope(this RouteGroupBuilder group, string scope)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any() && !endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                var reads = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods.All(HttpMethods.IsGet) == true;
                endpoint.Metadata.Add(new AuthorizeAttribute(reads ? Reading(scope) : Scoped(scope)));
            }
        });
        return group;
    }
}

/// <summary>An OpenID Connect issuer whose tokens are accepted beside our own, section <c>Gateway:Oidc</c>.</summary>
internal sealed class OidcOptions
{
    public const string Section = "Gateway:Oidc";

    public string? Authority { get; set; }

    public string? Audience { get; set; }

    /// <summary>The claim that holds the site's id, <c>site_…</c>.</summary>
    public string SiteClaim { get; set; } = CallerClaims.Site;

    internal sealed class Validator : IValidateOptions<OidcOptions>
    {
        public ValidateOptionsResult Validate(string? name, OidcOptions options) =>
            options switch
            {
                { Authority: null or "" } => ValidateOptionsResult.Success,
                { Audience: null or "" } => ValidateOptionsResult.Fail(
                    "Gateway__Oidc__Audience must be set when Gateway__Oidc__Authority is, or tokens made for others would be accepted."
                ),
                _ when !Uri.TryCreate(options.Authority, UriKind.Absolute, out var url) || url.Scheme != "https" =>
                    ValidateOptionsResult.Fail("Gateway__Oidc__Authority must be an https address."),
                _ => ValidateOptionsResult.Success,
            };
    }
}
