using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>GET /pages.css — the look of the pages, carried inside the program so that it is found wherever the program is started.</summary>
internal static class Stylesheet
{
    private static readonly byte[] Content = Read();

    /// <summary>Names the version, so that browsers may keep it and still never show an old one.</summary>
    public static string Address { get; } = "/pages.css?v=" + Convert.ToHexStringLower(Secrets.Hash(System.Text.Encoding.UTF8.GetString(Content)).AsSpan(0, 6));

    public static void Map(IEndpointRouteBuilder app) => app
        .MapMethods("/pages.css", OptInPages.Look, Answer)
        .AllowAnonymous()
        .ExcludeFromDescription()
        .WithName(nameof(Stylesheet))
        .WithSummary("The look of the pages");

    private static FileContentHttpResult Answer(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(Content, "text/css; charset=utf-8");
    }

    private static byte[] Read()
    {
        using var resource = typeof(Stylesheet).Assembly.GetManifestResourceStream("pages.css")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
