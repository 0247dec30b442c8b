using System.Net;
using Refit;

namespace Gateway.Infrastructure.Http;

/// <summary>What came back of one call to a provider, read to its end, or why nothing did.</summary>
/// <param name="Status">Null when no answer came, or only the beginning of one.</param>
/// <param name="Text">The provider's own words. They may hold addresses and numbers: never log them.</param>
/// <param name="RetryAfter">How long it asked to wait.</param>
/// <param name="Error">Why there is no answer: the outermost exception, since an inner one may tell of an earlier call.</param>
internal sealed record CallAnswer(HttpStatusCode? Status, string Text = "", TimeSpan? RetryAfter = null, Exception? Error = null)
{
    /// <summary>A list of a thousand messages takes a few million; what goes on beyond this is no answer.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    public bool IsSuccess => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    /// <summary>Whether the request cannot have left: there was no connection for it.</summary>
    public bool WasNeverSent =>
        Error
            is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
        };

    /// <summary>Why there is no answer, in a word for an operator; messages of exceptions may hold anything.</summary>
    public string? ErrorKind =>
        Error switch
        {
            HttpRequestException { HttpRequestError: var kind } => kind.ToString(),
            HttpIOException { HttpRequestError: var kind } => kind.ToString(),
            _ => Error?.GetType().Name,
        };

    /// <param name="limit">For the whole call with its answer's body, which limits of the HTTP client do not cover.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="ct"/> cancelled it.</exception>
    public static async Task<CallAnswer> OfAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> call,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            using var answer = await call(either.Token);
            await answer.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(either.Token), RetryAfterOf(answer, clock));
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            // Whatever it was, it is told to whoever judges: nothing that happens during a call may look as if the call had not been made.
            return new(Status: null, Error: error is ApiRequestException { InnerException: { } sending } ? sending : error);
        }
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage answer, TimeProvider clock)
    {
        var wait = answer.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - clock.GetUtcNow() : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
