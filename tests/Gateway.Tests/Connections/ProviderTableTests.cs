using Gateway.Features.Connections;
using Gateway.Features.Mail.MailEvents;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Connections;

/// <summary>The README's table of providers is made of what is registered.</summary>
public sealed class ProviderTableTests
{
    private const string Begin = "<!-- providers: made by ProviderTableTests -->\n";
    private const string End = "<!-- /providers -->";

    [Fact]
    public void The_table_of_providers_is_the_one_of_the_code()
    {
        var file = Path.Combine(Repository.Root, "README.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= Begin.Length && to >= from, "README.md has no place for the table.");
        var table = Table();
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_PROVIDERS") == "1")
        {
            File.WriteAllText(file, text[..from] + table + text[to..]);
            return;
        }

        Assert.True(text[from..to] == table, "The table is old. Run the tests with GATEWAY_WRITE_PROVIDERS=1 and commit README.md.");
    }

    private static string Table()
    {
        var providers = GatewayUnderTest.Shared.Services.GetServices<ConnectionProvider>().ToLookup(provider => provider.Key);
        var rows = providers
            .Select(provider => provider.Key)
            .Union(MailEventFormats.All.Where(name => name != MailEventFormats.Generic))
            .Select(key => (Key: key, Title: providers[key].FirstOrDefault()?.Title ?? Titles[key]))
            .OrderBy(row => row.Title, StringComparer.OrdinalIgnoreCase)
            .Select(row =>
                $"| {char.ToUpperInvariant(row.Title[0])}{row.Title[1..]} | {Mark(ConnectionKind.List, row.Key)} | "
                + $"{Mark(ConnectionKind.Mail, row.Key)} | {Mark(ConnectionKind.Sms, row.Key)} | "
                + $"{(MailEventFormats.All.Contains(row.Key) ? "yes" : "–")} |"
            );
        return "| Provider | Lists | Emails | SMS | What becomes of emails |\n| --- | --- | --- | --- | --- |\n"
            + string.Join('\n', rows)
            + "\n";

        string Mark(ConnectionKind kind, string key) => providers[key].Any(provider => provider.Kind == kind) ? "yes" : "–";
    }

    /// <summary>Of those that only tell what became of emails.</summary>
    private static readonly Dictionary<string, string> Titles = new()
    {
        [MailEventFormats.SendGrid] = "SendGrid",
        [MailEventFormats.Mailgun] = "Mailgun",
    };
}
