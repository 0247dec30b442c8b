namespace Gateway.Infrastructure.Http;

/// <summary>
/// What every page for people tells the browser beside its content security policy: keep nothing, list nothing, pass the address on to
/// nobody.
/// </summary>
internal static class PageSafety
{
    public static void Set(IHeaderDictionary headers, string contentSecurityPolicy)
    {
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Robots-Tag"] = "noindex";
    }
}
