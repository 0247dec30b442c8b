using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Infrastructure.Http;

/// <summary>Every error the API answers: problem+json with a stable <c>code</c> and a sentence that says what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, string[]>? errors = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (errors is not null)
        {
            extensions["errors"] = errors;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        Of(
            StatusCodes.Status400BadRequest,
            "invalid_request",
            string.Join(" ", errors.SelectMany(error => error.Value).Distinct().Take(5)),
            errors
        );

    public static ProblemHttpResult Invalid(string field, string sentence) =>
        Invalid(new Dictionary<string, string[]> { [field] = [sentence] });

    public static ProblemHttpResult Of(Refusal why) =>
        Of(
            StatusOf(why.Kind),
            why.Code,
            why.Message,
            why.Field is null ? null : new Dictionary<string, string[]> { [why.Field] = [why.Message] }
        );

    public static int StatusOf(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status400BadRequest,
            RefusalKind.Missing => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status403Forbidden,
        };

    public static ProblemHttpResult KeyReused() => Of(Refusal.KeyReused);

    public static ProblemHttpResult Busy() =>
        Of(
            StatusCodes.Status503ServiceUnavailable,
            "busy",
            "More is coming in than can be stored at the moment. Nothing was kept; try again in a few seconds."
        );

    public static ProblemHttpResult NotFound(string what) =>
        Of(StatusCodes.Status404NotFound, "not_found", $"There is no such {what} at this site.");

    /// <summary>What to do about an answer that the framework gave by its status alone.</summary>
    /// <param name="allowed">The methods that the header Allow names.</param>
    public static string SentenceOf(int status, string? allowed) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "The credentials are missing or wrong.",
            StatusCodes.Status403Forbidden => "This is not allowed to whoever is signed in.",
            StatusCodes.Status404NotFound => "There is nothing at this address. The API and its addresses are described at /docs.",
            StatusCodes.Status405MethodNotAllowed =>
                $"This method does not work here. Allowed: {(allowed is { Length: > 0 } ? allowed : "none")}.",
            StatusCodes.Status406NotAcceptable => "There is no answer in a media type that the header Accept names.",
            StatusCodes.Status408RequestTimeout => "The request took too long to arrive. Send it again.",
            StatusCodes.Status411LengthRequired => "The header Content-Length is needed.",
            StatusCodes.Status413PayloadTooLarge => "The body is too large. Send less at once.",
            StatusCodes.Status414UriTooLong => "The address is too long.",
            StatusCodes.Status415UnsupportedMediaType =>
                "The header Content-Type names a media type that cannot be read here. Send application/json, unless the description at "
                    + "/docs says otherwise.",
            StatusCodes.Status429TooManyRequests => "Too many requests. Wait a moment and try again.",
            StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too large.",
            StatusCodes.Status503ServiceUnavailable => "The gateway cannot do it at the moment. Nothing was kept; try again soon.",
            >= 400 and < 500 => "The request cannot be read. Check its address, headers and body.",
            _ => "Something went wrong inside the gateway. It has been logged under the trace id.",
        };

    /// <summary>The code of an answer that the framework gave by its status alone.</summary>
    public static string CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "unauthorized",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status404NotFound => "not_found",
            StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
            StatusCodes.Status413PayloadTooLarge => "too_large",
            StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
            StatusCodes.Status406NotAcceptable => "not_acceptable",
            StatusCodes.Status408RequestTimeout => "timeout",
            StatusCodes.Status414UriTooLong => "too_large",
            StatusCodes.Status429TooManyRequests => "rate_limited",
            StatusCodes.Status431RequestHeaderFieldsTooLarge => "too_large",
            StatusCodes.Status503ServiceUnavailable => "unavailable",
            >= 400 and < 500 => "invalid_request",
            _ => "internal",
        };
}
