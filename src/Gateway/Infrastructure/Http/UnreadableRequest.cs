using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Says in our words what the server or the framework could not read. Theirs are for whoever programs the gateway: "Implicit body inferred
/// for parameter".
/// </summary>
internal static partial class UnreadableRequest
{
    public static ProblemHttpResult Problem(BadHttpRequestException unread, HttpRequest request) =>
        unread.StatusCode != StatusCodes.Status400BadRequest ? Usual(unread.StatusCode)
        : Parameter().Match(unread.Message) is { Success: true } parameter
            ? Problems.Invalid(parameter.Groups[1].Value, $"{parameter.Groups[1].Value} is missing, or is no value of its kind.")
        : IsBody(request) ? Problems.Invalid("", "The body must be JSON, whole and in UTF-8, as the description at /docs says.")
        : Usual(unread.StatusCode);

    private static ProblemHttpResult Usual(int status) => Problems.Of(status, Problems.CodeOf(status), Problems.SentenceOf(status, null));

    private static bool IsBody(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsDelete(request.Method);

    /// <summary>Of "Required parameter "string channel" was not provided from query string.", and of others that name one so.</summary>
    [GeneratedRegex("""parameter "[^" ]+ (\w+)" (?:was not provided from (?:query string|route|header)|from)""")]
    private static partial Regex Parameter();
}
