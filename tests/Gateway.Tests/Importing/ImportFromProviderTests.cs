using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Connections;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;

namespace Gateway.Tests.Importing;

/// <summary><c>gateway import from</c>: who is on a list at Mailjet or Brevo, and who left there.</summary>
public sealed class ImportFromProviderTests
{
    private const string MailjetAccount = """{"apiKey":"key","secretKey":"secret"}""";
    private const string BrevoAccount = """{"apiKey":"key"}""";

    private static readonly DateTimeOffset Since = new(2023, 5, 6, 10, 0, 0, TimeSpan.Zero);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private string Ada => $"ada@{domain}";

    private string Bob => $"bob@{domain}";

    [Theory]
    [InlineData("mailjet", MailjetAccount, "Mailjet")]
    [InlineData("brevo", BrevoAccount, "Brevo")]
    public async Task Who_is_on_the_list_there_is_on_it_here_and_who_left_there_is_suppressed(
        string provider,
        string account,
        string title
    )
    {
        var site = await gateway.NewSiteAsync();
        var list = ListAt(provider);
        (list.People[Ada], list.People[Bob], list.KnownSince) = (false, true, Since);
        var connection = await site.ConnectAsync(ConnectionKind.List, provider, account);

        var started = await FromAsync(site, provider, connection, list.Id);
        Assert.True(started.Code == 0, started.Error);
        var import = await site.EndedAsync(started.Json.GetProperty("id").GetString()!);

        Assert.Equal((1, 0, 0, 1, 0), import.Counts());
        var entry = JsonNode.Parse(Assert.Single(await site.LedgerAsync()).Entry)!["facts"]!;
        Assert.Equal(
            ($"Brought along from {title}, list {list.Id}", "2023-05-06T10:00:00.000Z"),
            ((string?)entry["source"], (string?)entry["givenAt"])
        );
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(Ada)).State);
        Assert.Equal("suppressed", (await site.ProveAsync(Bob)).Code);
        Assert.DoesNotContain(list.Calls, call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_whom_the_provider_tells_no_day_somebody_must_say_one()
    {
        var site = await gateway.NewSiteAsync();
        var list = ListAt("mailjet");
        list.People[Ada] = false;
        var connection = await site.ConnectAsync(ConnectionKind.List, "mailjet", MailjetAccount);

        var without = (await FromAsync(site, "mailjet", connection, list.Id)).Json.GetProperty("id").GetString()!;
        Assert.Equal((0, 0, 0, 0, 1), (await site.EndedAsync(without)).Counts());
        var with = (await FromAsync(site, "mailjet", connection, list.Id, "--consent-on", "2025-04-03"))
            .Json.GetProperty("id")
            .GetString()!;

        Assert.Equal((1, 0, 0, 0, 0), (await site.EndedAsync(with)).Counts());
    }

    [Fact]
    public async Task Anothers_connection_a_list_that_cannot_be_read_and_an_empty_one_are_told_and_leave_nothing()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var (list, broken, empty) = (ListAt("mailjet"), ListAt("mailjet"), ListAt("mailjet"));
        broken.AnswerEverythingWith(HttpStatusCode.InternalServerError);
        var foreign = await other.ConnectAsync(ConnectionKind.List, "mailjet", MailjetAccount);
        var own = await site.ConnectAsync(ConnectionKind.List, "mailjet", MailjetAccount);

        Assert.Contains("has no connection", (await FromAsync(site, "mailjet", foreign, list.Id)).Error, StringComparison.Ordinal);
        Assert.Contains("has no connection", (await FromAsync(site, "brevo", own, list.Id)).Error, StringComparison.Ordinal);
        Assert.Contains("named by its number", (await FromAsync(site, "mailjet", own, "news")).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await FromAsync(site, "mailjet", own, broken.Id)).Code);
        Assert.Contains("Nobody is on this list", (await FromAsync(site, "mailjet", own, empty.Id)).Error, StringComparison.Ordinal);
        Assert.Empty((await site.CallAsync(HttpMethod.Get, "")).Json["items"]!.AsArray());
    }

    private FakeList ListAt(string provider) => provider == "brevo" ? gateway.Brevo.NewList() : gateway.Mailjet.NewList();

    private Task<CommandResult> FromAsync(
        SiteUnderTest site,
        string provider,
        Connection connection,
        string providerList,
        params string[] more
    ) =>
        gateway.CommandAsync([
            "import",
            "from",
            provider,
            "--connection",
            PublicId.Format(PublicId.Connection, connection.Id),
            "--provider-list",
            providerList,
            "--site",
            site.PublicId,
            "--list",
            site.ListId,
            "--json",
            .. more,
        ]);
}
