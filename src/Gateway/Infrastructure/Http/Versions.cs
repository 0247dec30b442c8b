using System.Text.Json;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Infrastructure.Http;

/// <summary>What a path names, read before its handler runs: what the handler changes is what was compared.</summary>
internal interface IVersioned
{
    /// <summary>All of it that somebody can change, as it was read; null where the path names nothing.</summary>
    object? Stored { get; }
}

/// <summary>
/// Of two who change the same thing, the second does not undo what the first did without having seen it. What they saw has a version: in
/// the API an <c>ETag</c> that comes back as <c>If-Match</c>, on pages a field of the form.
/// </summary>
internal static class Versions
{
    /// <summary>The code of the refusal, on pages and in the API.</summary>
    public const string Changed = "changed_meanwhile";

    /// <summary>For the API's description: the operation takes <c>If-Match</c>.</summary>
    internal sealed record Compared;

    /// <summary>For the API's description: the operation answers an <c>ETag</c>.</summary>
    internal sealed record Told;

    /// <param name="stored">All of it that somebody can change.</param>
    public static string Of<T>(T stored) => Convert.ToHexStringLower(Secrets.Hash(JsonSerializer.Serialize(stored)))[..32];

    /// <summary>The answer says how what it shows is stored now.</summary>
    public static void TellVersion(this HttpContext http, object stored) => http.Response.Headers.ETag = TagOf(stored);

    /// <returns>Whether the caller says which version is to be changed.</returns>
    public static bool ComparesVersion(this HttpContext http) => http.Request.Headers.IfMatch.Count > 0;

    /// <summary>Says so in the API's description.</summary>
    public static RouteHandlerBuilder TellsVersion(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Told());

    /// <summary>Where the request carries <c>If-Match</c>, nothing is changed that somebody else has changed since.</summary>
    public static RouteHandlerBuilder ComparesVersion(this RouteHandlerBuilder endpoint) =>
        endpoint
            .AddEndpointFilter(CompareAsync)
            .WithMetadata(new Compared())
            .Answers(
                StatusCodes.Status412PreconditionFailed,
                $"`{Changed}`: somebody else changed it after the version that `If-Match` names. Read it again."
            );

    private static async ValueTask<object?> CompareAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!context.HttpContext.ComparesVersion())
        {
            return await next(context);
        }

        var seen = context.HttpContext.Request.Headers.IfMatch.ToString();
        if (context.Arguments.OfType<IVersioned>().FirstOrDefault()?.Stored is { } stored && !IsAmong(seen, TagOf(stored)))
        {
            return Late();
        }

        // Who came between is found where it is stored.
        var answer = await next(context);
        return answer is INestedHttpResult { Result: ProblemHttpResult problem } && IsLate(problem) ? Late() : answer;
    }

    private static string TagOf(object stored) => $"\"{Of(stored)}\"";

    /// <summary>A proxy that compresses answers makes their tags weak; what they name is the same.</summary>
    private static bool IsAmong(string seen, string tag) =>
        EntityTagHeaderValue.TryParseList([seen], out var tags)
        && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Tag.Equals(tag, StringComparison.Ordinal));

    private static bool IsLate(ProblemHttpResult problem) =>
        problem.ProblemDetails.Extensions.TryGetValue("code", out var code) && code is Changed or "overtaken";

    private static ProblemHttpResult Late() =>
        Problems.Of(
            StatusCodes.Status412PreconditionFailed,
            Changed,
            "Somebody else changed it after the version that If-Match names. Read it again, and change it again."
        );
}
