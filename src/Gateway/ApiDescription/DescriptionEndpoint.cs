using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Gateway.ApiDescription;

/// <summary>
/// GET /openapi/v1.json — made once for all who ask: it costs much, is the same until the next start, and anybody may have it.
/// </summary>
internal sealed class DescriptionEndpoint(
    [FromKeyedServices(DescriptionEndpoint.Document)] IOpenApiDocumentProvider provider,
    IOptionsMonitor<OpenApiOptions> options
)
{
    public const string Document = "v1";
    private readonly Lock _lock = new();
    private Task<(byte[] Json, EntityTagHeaderValue Tag)>? _made;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet($"/openapi/{Document}.json", HandleAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(DescriptionEndpoint description, HttpContext http)
    {
        var (json, tag) = await description.ReadAsync();
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(json, "application/json;charset=utf-8", entityTag: tag);
    }

    /// <summary>Whoever comes while it is being made waits for it; what failed is made anew at the next request.</summary>
    private Task<(byte[] Json, EntityTagHeaderValue Tag)> ReadAsync()
    {
        lock (_lock)
        {
            return _made is { IsFaulted: false } made ? made : _made = Task.Run(MakeAsync);
        }
    }

    /// <summary>Belongs to no request, and so ends with none.</summary>
    private async Task<(byte[] Json, EntityTagHeaderValue Tag)> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        var json = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(options.Get(Document).OpenApiVersion));
        return (json, new($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 12))}\""));
    }
}
