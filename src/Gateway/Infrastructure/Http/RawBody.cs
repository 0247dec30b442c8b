using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Infrastructure.Http;

/// <summary>The bytes of a signed request, which are what the signature covers and what is stored.</summary>
internal sealed record RawBody(ReadOnlyMemory<byte> Bytes)
{
    public static ValueTask<RawBody?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<RawBody>());

    /// <summary>Reads the body once, for the signature and the handler both.</summary>
    /// <returns>False when it is longer than <paramref name="limit"/> bytes.</returns>
    public static async Task<bool> ReadAsync(HttpContext http, int limit)
    {
        var bytes = await ReadAllAsync(http.Request, limit, http.RequestAborted);
        if (bytes is null)
        {
            return false;
        }

        http.Features.Set(new RawBody(bytes));
        http.Request.Body = new MemoryStream(bytes, writable: false);
        return true;
    }

    private static async Task<byte[]?> ReadAllAsync(HttpRequest request, int limit, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            // The limit of this endpoint counts here, not the server's.
            server.MaxRequestBodySize = null;
        }

        if (request.ContentLength is { } announced)
        {
            if (announced > limit)
            {
                return null;
            }

            var whole = new byte[announced];
            await request.Body.ReadExactlyAsync(whole, ct);
            return whole;
        }

        using var collected = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (collected.Length + read > limit)
            {
                return null;
            }

            collected.Write(chunk, 0, read);
        }

        return collected.ToArray();
    }
}

/// <summary>How large a signed body may be at this endpoint, in bytes.</summary>
internal sealed record BodyLimit(int Bytes);
