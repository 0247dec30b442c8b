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
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var answer = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
            InvalidFieldException invalid => Problems.Invalid(invalid.Field, invalid.Message),
            BadHttpRequestException bad => Problems.Of(
                bad.StatusCode,
                Problems.CodeOf(bad.StatusCode),
                bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is too large." : bad.Message
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
        if (answer.StatusCode == StatusCodes.Status503ServiceUnavailable)
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
