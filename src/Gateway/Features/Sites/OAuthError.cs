using System.Text.Json.Serialization;

namespace Gateway.Features.Sites;

/// <summary>
/// A refused token request in the shape of RFC 6749, section 5.2, which is what OAuth clients read. <c>code</c> and <c>detail</c> say the
/// same as in every other problem of the API.
/// </summary>
/// <param name="Error">A code of RFC 6749: <c>invalid_request</c>, <c>invalid_client</c>, and so on.</param>
/// <param name="Description">A sentence that says what to do, in ASCII and without quotes, as the RFC asks.</param>
internal sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description,
    int Status
) : IResult
{
    public string Code => Error;

    public string Detail => Description;

    public static OAuthError InvalidRequest(string description) => new("invalid_request", description, StatusCodes.Status400BadRequest);

    public static OAuthError InvalidClient(string description) => new("invalid_client", description, StatusCodes.Status401Unauthorized);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            // Section 5.2 asks for the scheme that the client used; Basic is the one that has a scheme.
            httpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"gateway\", charset=\"UTF-8\"";
        }

        return httpContext.Response.WriteAsJsonAsync(this);
    }
}
