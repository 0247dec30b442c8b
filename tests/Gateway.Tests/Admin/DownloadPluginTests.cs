using System.IO.Compression;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Admin;

/// <summary>The gateway gives out the plugin that it came with.</summary>
public sealed class DownloadPluginTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_archive_is_what_WordPress_installs_and_holds_nothing_for_developers()
    {
        using var client = gateway.CreateClient();
        await using var stream = await client.GetStreamAsync("/gateway-connector.zip");
        await using var archive = new ZipArchive(stream);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();

        string[] needed =
        [
            "gateway-connector.php",
            "uninstall.php",
            "readme.txt",
            "license.txt",
            "includes/spool/class-spool.php",
            "assets/admin.css",
        ];
        Assert.All(needed, name => Assert.Contains($"gateway-connector/{name}", names));
        Assert.DoesNotContain(
            names,
            name => name.Contains("/tests/", StringComparison.Ordinal) || name.Contains("/.", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            names,
            name => name.EndsWith(".dist", StringComparison.Ordinal) || name.EndsWith(".xml", StringComparison.Ordinal)
        );
    }
}
