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
            StatusCodes.Status429TooManyRequests => "rate_limited",
            StatusCodes.Status503ServiceUnavailable => "unavailable",
            >= 400 and < 500 => "invalid_request",
            _ => "internal",
        };
}
