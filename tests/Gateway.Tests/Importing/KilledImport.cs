using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Gateway.Tests.Importing;

/// <summary>
/// An import in a gateway that is killed in the middle: nothing is lost and nothing is done twice. It says how long it took and how much
/// memory.
/// </summary>
internal sealed class KilledImport : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(90);

    private readonly TestDatabase _database = new();
    private readonly Installation _installation;
    private readonly ITestOutputHelper _output;

    public KilledImport(ITestOutputHelper output) => (_output, _installation) = (output, new(_database.Settings));

    /// <returns>The most memory that a gateway had, in bytes.</returns>
    public async Task<long> RunAsync(int rows)
    {
        var site = (await _installation.RunAsync("site", "add", "Many", "--from", "news@shop.example")).GetProperty("site").GetString()!;
        var list = (await _installation.RunAsync("list", "add", site, "Newsletter")).GetProperty("list").GetString()!;
        var file = await WriteFileAsync(rows);
        var watch = Stopwatch.StartNew();
        var started = await _installation.RunAsync([
            "import",
            "start",
            file,
            "--site",
            site,
            "--list",
            list,
            "--source",
            "Members' book",
            "--consent-on",
            "2025-04-03",
        ]);
        var id = started.GetProperty("id").GetString()!;
        _output.WriteLine(
            Told($"{rows} rows, {new FileInfo(file).Length / 1024 / 1024} MB, were taken in within {watch.Elapsed.TotalSeconds:0} s")
        );
        watch.Restart();

        var peak = await WorkUntilAsync(id, enough: rows / 2, isKilled: true);
        var looked = await LookedAsync(id);
        _output.WriteLine(Told($"killed when {looked} rows were looked at"));
        Assert.InRange(looked, rows / 2, rows - 1);
        peak = Math.Max(peak, await WorkUntilAsync(id, enough: rows, isKilled: false));
        _output.WriteLine(
            Told($"{rows} rows were worked on within {watch.Elapsed.TotalSeconds:0} s; at its peak it had {peak / 1024 / 1024} MB")
        );

        var import = await _installation.RunAsync("import", "status", id);
        Assert.Equal("ended", import.GetProperty("state").GetString());
        Assert.Equal(rows, import.GetProperty("subscribed").GetInt32());
        Assert.Equal(rows, await CountAsync<Contact>());
        Assert.Equal(rows, await CountAsync<Subscription>());
        Assert.Equal(rows, await CountAsync<Consent>());
        Assert.True((await _installation.RunAsync("consents", "verify")).GetProperty("ok").GetBoolean());
        return peak;
    }

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private async Task<string> WriteFileAsync(int rows)
    {
        var path = Path.Combine(_database.Folder, "people.csv");
        await using var writer = new StreamWriter(path, append: false, Encoding.UTF8);
        await writer.WriteLineAsync("Email Address;First Name;Last Name");
        for (var row = 1; row <= rows; row++)
        {
            await writer.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"person{row}@members{row % 100}.example;Ann;No. {row}")
            );
        }

        return path;
    }

    /// <returns>The most memory that the gateway had, in bytes.</returns>
    private async Task<long> WorkUntilAsync(string id, int enough, bool isKilled)
    {
        await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
        await gateway.Listening;
        await Eventually.BecomesAsync(() => LookedAsync(id), looked => looked >= enough, Patience);
        if (!isKilled)
        {
            await Eventually.BecomesAsync(
                async () => (await _installation.RunAsync("import", "status", id)).GetProperty("state").GetString(),
                state => state == "ended",
                Patience
            );
        }

        var peak = gateway.PeakMemory;
        await gateway.KillAsync();
        return peak;
    }

    private async Task<int> LookedAsync(string id)
    {
        var import = await _installation.RunAsync("import", "status", id);
        return import.GetProperty("rows").GetInt32() - import.GetProperty("left").GetInt32();
    }

    private Task<int> CountAsync<T>()
        where T : class => _installation.InDatabaseAsync(db => db.Set<T>().CountAsync());

    private static string Told(FormattableString text) => FormattableString.Invariant(text);
}
