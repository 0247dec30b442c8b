using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Operations;

/// <summary>
/// The program is handed on with packages of others, whose licences ask for their notices. The file is made of what the packages say of
/// themselves.
/// </summary>
public sealed class ThirdPartyNoticesTests
{
    private static readonly string Committed = Path.Combine(Repository.Root, "src/Gateway/THIRD-PARTY-NOTICES.txt");

    [Fact]
    public async Task Every_package_that_is_handed_on_has_its_notice()
    {
        var notices = await NoticesAsync();
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_NOTICES") == "1")
        {
            await File.WriteAllTextAsync(Committed, notices);
        }

        Assert.True(
            File.Exists(Committed) && notices == await File.ReadAllTextAsync(Committed),
            "src/Gateway/THIRD-PARTY-NOTICES.txt is not what the packages say. Run this test with GATEWAY_WRITE_NOTICES=1 and commit the "
                + "file."
        );
    }

    private static async Task<string> NoticesAsync()
    {
        var packages = Packages().ToList();
        var text = new StringBuilder(
            "Gateway is handed on with these packages. What they say of their licences follows, and then the texts.\n\n"
        );
        foreach (var package in packages)
        {
            text.Append(CultureInfo.InvariantCulture, $"{package.Id} {package.Version}: {package.Licence}\n");
            text.Append(package.Copyright is { Length: > 0 } copyright ? $"    {copyright}\n" : "");
            text.Append(package.Url is { Length: > 0 } url ? $"    {url}\n" : "");
        }

        text.Append("Public Suffix List, in Gateway.dll: MPL-2.0 (https://mozilla.org/MPL/2.0/)\n    https://publicsuffix.org/list/\n");

        var texts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            foreach (var file in package.Texts)
            {
                var content = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n").Trim('\uFEFF', '\n', ' ');
                texts.TryAdd(content, []);
                texts[content].Add(package.Id);
            }
        }

        foreach (var (content, ids) in texts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{new string('-', 80)}\nOf {string.Join(", ", ids.Distinct())}:\n\n{content}\n");
        }

        foreach (var (licence, content) in StandardLicences.Texts)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{new string('-', 80)}\n{licence}:\n\n{content.ReplaceLineEndings("\n").Trim()}\n"
            );
        }

        return text.ToString();
    }

    private static IEnumerable<Package> Packages()
    {
        using var dependencies = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(typeof(Program).Assembly.Location)!, "Gateway.deps.json"))
        );
        var root = dependencies.RootElement;
        var target = root.GetProperty("targets").EnumerateObject().First().Value;
        foreach (
            var library in root.GetProperty("libraries").EnumerateObject().OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase)
        )
        {
            // What has nothing to run is not handed on.
            if (library.Value.GetProperty("type").GetString() == "package" && HasFiles(target.GetProperty(library.Name)))
            {
                yield return Package.Read(library.Name.Split('/'));
            }
        }
    }

    private static bool HasFiles(JsonElement library) =>
        library.TryGetProperty("runtime", out _)
        || library.TryGetProperty("runtimeTargets", out _)
        || library.TryGetProperty("native", out _);

    private sealed record Package(string Id, string Version, string Licence, string? Copyright, string? Url, IReadOnlyList<string> Texts)
    {
        private static readonly string Folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");

        public static Package Read(string[] library)
        {
            var folder = Path.Combine(Folder, library[0].ToLowerInvariant(), library[1].ToLowerInvariant());
            var metadata = XDocument.Load(Path.Combine(folder, library[0].ToLowerInvariant() + ".nuspec")).Root!.Elements().First();
            string? Text(string name) => OneLine(metadata.Elements().FirstOrDefault(one => one.Name.LocalName == name)?.Value);
            var isFile = metadata.Elements().Any(one => one.Name.LocalName == "license" && (string?)one.Attribute("type") == "file");
            var licence = isFile ? "see below" : Text("license") ?? Text("licenseUrl") ?? "";
            return new(
                library[0],
                library[1],
                licence,
                Text("copyright") ?? Text("authors"),
                Text("projectUrl"),
                [.. LicenceFiles(folder)]
            );
        }

        private static IEnumerable<string> LicenceFiles(string folder) =>
            Directory
                .EnumerateFiles(folder)
                .Where(file =>
                    Path.GetFileName(file).Contains("licen", StringComparison.OrdinalIgnoreCase)
                    || Path.GetFileName(file).Contains("notice", StringComparison.OrdinalIgnoreCase)
                )
                .Order(StringComparer.Ordinal);

        private static string? OneLine(string? text) =>
            text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
