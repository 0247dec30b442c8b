using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Infrastructure.Http;

/// <summary>The bytes of a signed request, which are what the signature covers and what is stored.</summary>
internal sealed record RawBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// Bytes taken before any have come. A length that somebody only announced takes no memory: it grows as the bytes arrive.
    /// </summary>
    private const int First = 8 * 1024;

    /// <summary>
    /// For a whole body. The server's minimum rate is an average, so that who sends much at once could then keep it for long.
    /// </summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    public static ValueTask<RawBody?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<RawBody>());

    /// <summary>Reads the body once, for the signature and the handler both.</summary>
    /// <returns>False when it is longer than <paramref name="limit"/> bytes.</returns>
    /// <exception cref="TooManyRequestsException">The address sends too much at once of which nobody knows yet who sent it.</exception>
    public static async Task<bool> ReadAsync(HttpContext http, int limit)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        end.CancelAfter(TimeLimit);
        byte[]? bytes;
        try
        {
            bytes = await ReadAllAsync(http, limit, end.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body took too long.", StatusCodes.Status408RequestTimeout);
        }

        if (bytes is null)
        {
            return false;
        }

        http.Features.Set(new RawBody(bytes));
        http.Request.Body = new MemoryStream(bytes, writable: false);
        return true;
    }

    private static async Task<byte[]?> ReadAllAsync(HttpContext http, int limit, CancellationToken ct)
    {
        var request = http.Request;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            // The limit of this endpoint counts here, not the server's.
            server.MaxRequestBodySize = null;
        }

        if (request.ContentLength > limit)
        {
            return null;
        }

        using var room = http.RequestServices.GetRequiredService<BodyRoom>().Of(http);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength + 1 ?? First, First));
        try
        {
            var length = 0;
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), ct);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > limit)
                {
                    return null;
                }

                if (length == buffer.Length)
                {
                    room.Take(buffer.Length);
                    buffer = Grown(buffer);
                }
            }

            return request.ContentLength is { } announced && length < announced
                ? throw new BadHttpRequestException("The body broke off.")
                : buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Twice as long; the old one goes back.</summary>
    private static byte[] Grown(byte[] buffer)
    {
        var longer = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(longer, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return longer;
    }
}

/// <summary>How large a signed body may be at this endpoint, in bytes.</summary>
internal sealed record BodyLimit(int Bytes);
