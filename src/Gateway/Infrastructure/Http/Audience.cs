namespace Gateway.Infrastructure.Http;

/// <summary>Whom an answer is for: a person gets a page, a program gets a problem document.</summary>
internal static class Audience
{
    private static readonly PathString[] Programs = ["/v1", "/oauth", "/providers", "/openapi", "/health", "/metrics", "/.well-known"];

    private static readonly PathString[] People = ["/c", "/u", "/p", "/admin", "/hangfire", "/docs", "/demo"];

    /// <summary>
    /// The path says it where it is one of ours; elsewhere, at an address that was typed wrong, a browser says that it is one.
    /// </summary>
    public static bool IsPerson(HttpRequest request) =>
        !IsBelow(request.Path, Programs)
        && (!request.Path.HasValue || request.Path == "/" || IsBelow(request.Path, People) || IsBrowser(request));

    private static bool IsBelow(PathString path, PathString[] begins) => Array.Exists(begins, begin => path.StartsWithSegments(begin));

    private static bool IsBrowser(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
