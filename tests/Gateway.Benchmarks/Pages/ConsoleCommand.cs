using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;
using Npgsql;

namespace Gateway.Benchmarks.Pages;

/// <summary>
/// Every page of the console beside a database as it is after a busy year: how long an operator waits for its first byte. The pages take
/// turns, so that what is remembered for some seconds is read anew for each.
/// </summary>
internal static class ConsoleCommand
{
    /// <summary>Milliseconds.</summary>
    private const double Goal = 200;

    /// <summary>What is compiled, and read from the disk, the first times.</summary>
    private const int WarmUps = 2;

    /// <param name="only">Measures only pages whose address matches this regular expression.</param>
    /// <param name="reuse">A database that is kept: made and filled where there is none, measured as it is where there is one.</param>
    public static async Task<int> RunAsync(int contacts, int rounds, string? reuse, string? only, bool json, CancellationToken ct)
    {
        if (Scratch.Server is null)
        {
            throw new BenchmarkFailed("So many rows are measured on PostgreSQL alone: GATEWAY_BENCH_POSTGRES must name a server.");
        }

        using var scratch = new Scratch();
        var (database, isNew) = reuse is null ? (scratch.Postgres("console"), true) : await KeptAsync(reuse, ct);
        var settings = Settings(database, reuse);
        if (isNew)
        {
            // It makes the tables, and ends: a pool of connections would remember plans for tables that are empty.
            await using var first = await GatewayServer.StartAsync(Design.Postgres, scratch, "api", "25", ct, settings);
            await FillAsync(database, contacts, await first.ProtectAsync("{\"apiKey\":\"key\",\"secretKey\":\"secret\"}", ct), ct);
        }

        await using var gateway = await GatewayServer.StartAsync(Design.Postgres, scratch, "api", "25", ct, settings);
        await using var source = NpgsqlDataSource.Create(database);
        using var browser = await ConsoleBrowser.SignInAsync(gateway.Target.Url, source, ct);
        var pages = await new ConsolePages(browser, source).FindAsync(await gateway.RoutesAsync(ct), ct);
        var measured = pages
            .Where(page => only is null || Regex.IsMatch(page.Path, only))
            .ToDictionary(page => page, _ => new List<double>());
        for (var round = -WarmUps; round < rounds; round++)
        {
            foreach (var (page, times) in measured)
            {
                var took = await browser.TimeAsync(page, ct);
                if (round >= 0)
                {
                    times.Add(took);
                }
            }
        }

        Tell([.. measured.Select(one => Waited.Of(one.Key, one.Value))], json);
        return 0;
    }

    private static Dictionary<string, string> Settings(string database, string? reuse)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Gateway"] = database,
            ["Gateway__Limits__AdminPerMinute"] = "1000000",
            ["Sms__Route"] = "twilio",
            ["Sms__Countries"] = "FR,BE,LU",
            ["Sms__Twilio__AccountSid"] = "AC00000000000000000000000000000001",
            ["Sms__Twilio__AuthToken"] = "token",
            ["Sms__Twilio__From"] = "+15005550006",
        };
        if (reuse is not null)
        {
            // Its secrets are encrypted with a key that must outlive this run.
            settings["Gateway__MasterKeyFile"] = Path.Combine(AppContext.BaseDirectory, reuse + ".pem");
        }

        return settings;
    }

    private static async Task<(string Database, bool IsNew)> KeptAsync(string name, CancellationToken ct)
    {
        await using var server = NpgsqlDataSource.Create(Scratch.Server!);
        await using var ask = server.CreateCommand("select exists (select from pg_database where datname = $1)");
        ask.Parameters.AddWithValue(name);
        var isThere = (bool)(await ask.ExecuteScalarAsync(ct))!;
        if (!isThere)
        {
            await using var create = server.CreateCommand($"create database \"{name}\"");
            await create.ExecuteNonQueryAsync(ct);
        }

        return (new NpgsqlConnectionStringBuilder(Scratch.Server) { Database = name }.ConnectionString, !isThere);
    }

    /// <summary>Without the indexes, which are made at the end: that takes a fraction of the time.</summary>
    private static async Task FillAsync(string database, int contacts, string settings, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(ct);
        await DoAsync("set synchronous_commit = off; set work_mem = '512MB'; set maintenance_work_mem = '512MB'");
        var indexes = new List<string>();
        await using (
            var ask = new NpgsqlCommand(
                """
                select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indrelid
                where relnamespace = 'public'::regnamespace and not indisprimary
                """,
                connection
            )
        )
        {
            var names = new List<string>();
            await using (var reader = await ask.ExecuteReaderAsync(ct))
            {
                while (await reader.ReadAsync(ct))
                {
                    names.Add(reader.GetString(0));
                    indexes.Add(reader.GetString(1));
                }
            }

            await DoAsync("drop index " + string.Join(", ", names));
        }

        foreach (var (name, sql) in new ConsoleRows(contacts, settings).Fill())
        {
            await TimedAsync(name, sql);
        }

        await TimedAsync("indexes", string.Join("; ", indexes));
        await TimedAsync("statistics", "vacuum analyze");

        async Task TimedAsync(string name, string sql)
        {
            var began = Stopwatch.GetTimestamp();
            await DoAsync(sql);
            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await System.Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: {took:F1} s"));
        }

        async Task DoAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static void Tell(IReadOnlyList<Waited> pages, bool json)
    {
        if (json)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(pages, JsonSerializerOptions.Web));
            return;
        }

        System.Console.WriteLine($"First byte in ms; goal: p95 ≤ {Goal}\n     p50      p95");
        foreach (var page in pages.OrderByDescending(page => page.P95))
        {
            System.Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{page.P50,8:F1} {page.P95,8:F1} {(page.P95 > Goal ? "SLOW" : "    ")} {page.Status} {page.Page}"
                )
            );
        }

        var slow = pages.Count(page => page.P95 > Goal);
        System.Console.WriteLine($"{pages.Count} pages, {slow} over {Goal} ms");
    }

    /// <param name="P50">Milliseconds to the first byte.</param>
    private sealed record Waited(string Page, string Path, int Status, double P50, double P95)
    {
        public static Waited Of(ConsolePage page, List<double> times)
        {
            times.Sort();
            double At(double share) => times[(int)Math.Ceiling(share * times.Count) - 1];
            return new(page.Name, page.Path, page.Status, At(0.5), At(0.95));
        }
    }
}
