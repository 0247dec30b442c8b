namespace Gateway.Infrastructure.Http;

/// <summary>
/// The caller's word for one request, kept over its retries, from the header <c>Idempotency-Key</c>: 1 to 100 printable ASCII characters.
/// A handler that takes it as a parameter gets a valid one; without it the answer is a 400 that names the header.
/// </summary>
internal sealed record IdempotencyKey(string Text)
{
    public const string Header = "Idempotency-Key";
    public const int Longest = 100;

    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext http)
    {
        var given = http.Request.Headers[Header];
        return given is [{ Length: > 0 and <= Longest } text] && text.All(letter => letter is >= ' ' and <= '~')
            ? ValueTask.FromResult<IdempotencyKey?>(new(text))
            : throw new InvalidFieldException(
                Header,
                $"The header {Header} is needed: 1 to {Longest} printable ASCII characters, made once for this request and kept over its "
                    + "retries."
            );
    }

    /// <summary>Says that this is the answer of an earlier request with the same key.</summary>
    public static void MarkReplayed(HttpResponse response) => response.Headers["Idempotent-Replayed"] = "true";
}
