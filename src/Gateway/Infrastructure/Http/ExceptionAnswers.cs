using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Turns what was thrown into an answer, once: an unreadable request is the sender's, a lost database passes, the rest is a bug.
/// </summary>
internal sealed partial class ExceptionAnswers(IProblemDetailsService problems, ILogger<ExceptionAnswers> logger) : IExceptionHandler
{
    /// <summary>How the JSON reader marks what is the sender's fault, where a text is read only after the body was.</summary>
    private const string HalfCharacter = "System.Text.Json.Rethrowable";

    /// <summary>Throws when an OpenID Connect issuer does not say its keys: its fault, or the network's, and it passes.</summary>
    private const string IssuerReader = "Microsoft.IdentityModel.Protocols";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is (OperationCanceledException or IOException) && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var answer = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
            InvalidOperationException { Source: HalfCharacter } => Problems.Invalid(
                "",
                "A text in the JSON holds half a character: an escape such as \\ud83d without its second half."
            ),
            InvalidOperationException { Source: IssuerReader } => Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "issuer_unavailable",
                "The issuer that signs people or programs in does not answer at the moment. Try again soon."
            ),
            InvalidFieldException invalid => Problems.Invalid(invalid.Field, invalid.Message),
            TooManyRequestsException tooMany => Problems.Of(StatusCodes.Status429TooManyRequests, tooMany.Code, tooMany.Message),
            BadHttpRequestException bad => UnreadableRequest.Problem(bad, httpContext.Request),
            DbException or DbUpdateException when IsUnstorable(exception) => Problems.Invalid(
                "",
                "A value holds a character that cannot be stored, such as NUL, or a number or time that is out of range."
            ),
            DbException or DbUpdateException or TimeoutException => Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                "The gateway cannot reach its storage at the moment. Nothing was kept; try again soon."
            ),
            _ => Problems.Of(
                StatusCodes.Status500InternalServerError,
                "internal",
                "Something went wrong inside the gateway. It has been logged under the trace id."
            ),
        };

        httpContext.Response.StatusCode = answer.StatusCode;
        if (exception is TooManyRequestsException { RetryAfter: var wait })
        {
            httpContext.Response.Headers.RetryAfter = RateLimits.Seconds(wait);
        }
        else if (answer.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
            LogStorage(exception);
        }
        else if (answer.StatusCode == StatusCodes.Status500InternalServerError)
        {
            LogBug(exception);
        }

        return await problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = answer.ProblemDetails }
        );
    }

    /// <summary>
    /// PostgreSQL's class 22, "data exception": the value is the fault, not the storage, so that trying again would never help. Validators
    /// say it better where they look; this is for where they do not.
    /// </summary>
    private static bool IsUnstorable(Exception exception) =>
        (exception as DbException ?? exception.InnerException as DbException)?.SqlState?.StartsWith("22", StringComparison.Ordinal)
        == true;

    private static ProblemHttpResult Unreadable(JsonException json)
    {
        var (field, sentence) = JsonErrors.Of(json);
        return Problems.Invalid(field, sentence);
    }

    [LoggerMessage(LogLevel.Error, "A request failed inside the gateway")]
    private partial void LogBug(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The storage did not answer")]
    private partial void LogStorage(Exception exception);
}
