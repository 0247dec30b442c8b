using System.IO.Compression;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sites.Connecting;

/// <summary>
/// GET /gateway-connector.zip — the WordPress plugin, as Plugins > Add Plugin > Upload Plugin takes it. It came with this gateway, so the
/// two fit. There is no secret in it, and WordPress' own command line may fetch it from here.
/// </summary>
internal static class DownloadPlugin
{
    public const string Path = "/gateway-connector.zip";

    /// <summary>The folder that WordPress keeps it in.</summary>
    private const string Name = "gateway-connector";

    private static readonly Lazy<byte[]?> Archive = new(Make);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Path, Handle).AllowAnonymous().ExcludeFromDescription().WithName(nameof(DownloadPlugin));

    private static Results<FileContentHttpResult, ProblemHttpResult> Handle() =>
        Archive.Value is { } archive ? TypedResults.File(archive, "application/zip", $"{Name}.zip") : Problems.NotFound("plugin here");

    private static byte[]? Make()
    {
        // The build puts it beside the program.
        var folder = new DirectoryInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "plugin"));
        if (!folder.Exists)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            archive.CreateEntryFromFile(System.IO.Path.Combine(AppContext.BaseDirectory, "LICENSE"), $"{Name}/license.txt");
            var files = folder.GetFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal);
            foreach (var file in files)
            {
                var path = System.IO.Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/');
                archive.CreateEntryFromFile(file.FullName, $"{Name}/{path}", CompressionLevel.Optimal);
            }
        }

        return bytes.ToArray();
    }
}
