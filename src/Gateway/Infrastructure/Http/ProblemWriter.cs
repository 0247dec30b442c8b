using System.Diagnostics;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Writes whatever went wrong, also where the framework alone noticed: a page for people; for programs a problem with a code and a
/// sentence, whatever media type they say they accept, since an answer without a reason helps nobody.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        problem.Status ??= http.Response.StatusCode;
        AllowHead(http);
        Complete(problem, http);
        if (Audience.IsPerson(http.Request))
        {
            await ErrorPages.ShowAsync(http, problem);
            return;
        }

        await http.Response.WriteAsJsonAsync(problem, json.Value.SerializerOptions, "application/problem+json", http.RequestAborted);
    }

    /// <summary>What every problem has, whoever made it.</summary>
    private static void Complete(ProblemDetails problem, HttpContext http)
    {
        var status = problem.Status!.Value;
        var usual = TypedResults.Problem(statusCode: status).ProblemDetails;
        problem.Type ??= usual.Type;
        problem.Title ??= usual.Title;
        problem.Detail ??= Problems.SentenceOf(status, http.Response.Headers.Allow);
        problem.Extensions.TryAdd("code", Problems.CodeOf(status));
        problem.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
    }

    /// <summary>Whatever answers GET answers HEAD (see <see cref="HeadRequests"/>), so where a 405 names one it names both.</summary>
    private static void AllowHead(HttpContext http)
    {
        var allowed = http.Response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
        {
            http.Response.Headers.Allow = string.Join(", ", [.. allowed, HttpMethods.Head]);
        }
    }
}
