namespace Gateway.Infrastructure.Http;

/// <summary>
/// HEAD wherever GET is (RFC 9110, section 9.3.2): the same headers without the body. No endpoint needs to think of it, and GET changes
/// nothing.
/// </summary>
internal static class HeadRequests
{
    public static void UseHeadRequests(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                if (HttpMethods.IsHead(http.Request.Method))
                {
                    http.Request.Method = HttpMethods.Get;
                    http.Response.Body = Stream.Null;
                }

                return next(http);
            }
        );
}
