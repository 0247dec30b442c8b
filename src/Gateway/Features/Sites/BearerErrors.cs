using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Features.Sites;

/// <summary>
/// Refuses an access token in the words of RFC 6750, section 3: the header tells a client's program whether to get a new token or to ask
/// for another scope, the problem tells people the same.
/// </summary>
internal static class BearerErrors
{
    private const string Challenge = "Bearer realm=\"gateway\"";

    /// <summary>No token, or one that is not valid here. Only who sent one is told about an error.</summary>
    public static Task ChallengeAsync(JwtBearerChallengeContext context)
    {
        const string missing = "The access token is missing. Get one at /oauth/token and send it as Authorization: Bearer TOKEN.";
        const string invalid = "The access token is expired or not valid here. Get a new one at /oauth/token.";

        context.HandleResponse();
        var sentOne = context.Request.Headers.Authorization.ToString().StartsWith("Bearer", StringComparison.OrdinalIgnoreCase);
        context.Response.Headers.WWWAuthenticate = sentOne
            ? $"{Challenge}, error=\"invalid_token\", error_description=\"{invalid}\""
            : Challenge;
        return Problems
            .Of(StatusCodes.Status401Unauthorized, "unauthorized", sentOne ? invalid : missing)
            .ExecuteAsync(context.HttpContext);
    }

    /// <summary>A valid token without the scope, or, from a foreign issuer, without a site.</summary>
    public static Task ForbidAsync(ForbiddenContext context)
    {
        var scopes = ScopesOf(context.HttpContext.GetEndpoint());
        var sentence = context.HttpContext.User.FindFirst(CallerClaims.Site) is null
            ? "This access token names no site of this gateway."
            : $"This access token does not have the scope that is needed here: {string.Join(" or ", scopes)}.";
        context.Response.Headers.WWWAuthenticate =
            $"{Challenge}, error=\"insufficient_scope\", error_description=\"{sentence}\""
            + (scopes.Count > 0 ? $", scope=\"{scopes[0]}\"" : "");
        return Problems.Of(StatusCodes.Status403Forbidden, "forbidden", sentence).ExecuteAsync(context.HttpContext);
    }

    private static List<string> ScopesOf(Endpoint? endpoint) =>
        [.. endpoint?.Metadata.OfType<IAuthorizeData>().SelectMany(data => Policies.ScopesOf(data.Policy)) ?? []];
}
