namespace Gateway.Infrastructure.Http;

/// <summary>
/// A request asks for more than there is room for now, found out where no answer is made: it becomes a 429 that says when to come again.
/// </summary>
/// <param name="code">Stable, for programs.</param>
/// <param name="sentence">What to do.</param>
internal sealed class TooManyRequestsException(string code, string sentence, TimeSpan retryAfter)
    : BadHttpRequestException(sentence, StatusCodes.Status429TooManyRequests)
{
    public string Code => code;

    public TimeSpan RetryAfter => retryAfter;
}
