using System.Globalization;
using System.Text.Json;
using Gateway.Benchmarks.Load;
using Gateway.Features.OptIn.Budgets;

namespace Gateway.Benchmarks.Serving;

/// <summary>A gateway in a process of its own, set up as in production but for its limits, and what can be asked of it.</summary>
internal sealed class GatewayServer(Child child, ServedSite served, Target target) : IAsyncDisposable
{
    public Target Target => target;

    /// <summary>Of the site's API key.</summary>
    public string ClientId => served.ClientId;

    public string ClientSecret => served.ClientSecret;

    public static Task<GatewayServer> StartAsync(Design design, Scratch scratch, CancellationToken ct) =>
        StartAsync(design, scratch, "api", "25", ct);

    /// <param name="roles">Without <c>worker</c> nothing is worked off, so that only the taking in is measured.</param>
    /// <param name="more">Settings beside the usual ones; gateways that share a database name it and the master key.</param>
    public static async Task<GatewayServer> StartAsync(
        Design design,
        Scratch scratch,
        string roles,
        string smtpPort,
        CancellationToken ct,
        IReadOnlyDictionary<string, string>? more = null
    )
    {
        var database =
            more?.GetValueOrDefault("ConnectionStrings__Gateway")
            ?? (design.NeedsPostgres ? scratch.Postgres(design.Name) : scratch.Sqlite(design.Name));
        var settings = Production(database, Path.Combine(scratch.Folder, design.Name + ".pem"), smtpPort);
        settings["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        settings["Gateway__Roles"] = roles;
        settings["Gateway__Limits__CallerPerSecond"] = "10000000";
        settings["Gateway__Limits__CallerBurst"] = "10000000";
        settings["Logging__LogLevel__Default"] = "Warning";
        settings["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning";

        // The pages and their files are not beside this program.
        settings["Logging__LogLevel__Microsoft.AspNetCore.StaticFiles"] = "Error";

        // Standard output is for the answers to the benchmark.
        settings["Logging__Console__LogToStandardErrorThreshold"] = "Trace";

        // What is measured is how fast mails leave, not how long they are held back.
        settings["Confirmations__Breaker__Mode"] = "off";
        settings["Confirmations__Domains__AskDns"] = "false";
        settings["Mail__Budget__MailboxPerHour"] = "0";
        settings["Mail__Budget__SitePerDay"] = "0";
        foreach (var limit in typeof(ConfirmationOptions.BudgetOptions).GetProperties().Where(one => one.PropertyType == typeof(int)))
        {
            settings[$"Confirmations__Budget__{limit.Name}"] = "0";
        }

        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        var child = await Child.StartAsync(Serve.Command, design.Name, settings, ct);
        var served = JsonSerializer.Deserialize<ServedSite>(child.Greeting)!;
        return new(child, served, new(served.Url, $"/v1/sites/{served.Site}/{design.Path}", served.Secret, served.List));
    }

    /// <summary>What a gateway in production has to be told.</summary>
    public static Dictionary<string, string> Production(string database, string masterKeyFile, string smtpPort) =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Gateway"] = database,
            ["Gateway__PublicUrl"] = "http://127.0.0.1",
            ["Gateway__MasterKeyFile"] = masterKeyFile,
            ["Mail__Transport"] = "smtp",
            ["Mail__From"] = "news@example.org",
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["Mail__Smtp__Port"] = smtpPort,
            ["Mail__Smtp__Security"] = "none",
        };

    /// <summary>Empties the inbox, so that every measurement begins with the same tables.</summary>
    public Task EmptyAsync(CancellationToken ct) => child.AskAsync("empty", ct);

    /// <summary>Stores so many mails of another site, due at once.</summary>
    public Task AddBulkAsync(int count, CancellationToken ct) => child.AskAsync(Serve.Bulk + count, ct);

    /// <summary>Stores so much that is to be told to these receivers, and does not tell it yet.</summary>
    public Task StoreOutgoingAsync(string what, int count, string receivers, CancellationToken ct) =>
        child.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{Serve.Outgoing}{what} {count} {receivers}"), ct);

    /// <summary>All that was stored to be told is due.</summary>
    public Task WakeAsync(string what, CancellationToken ct) => child.AskAsync(Serve.Wake + what, ct);

    /// <summary>What the process has used since its start.</summary>
    public async Task<Usage> UsageAsync(CancellationToken ct) => JsonSerializer.Deserialize<Usage>(await child.AskAsync("usage", ct))!;

    /// <summary>Encrypts a text as the gateway encrypts what it stores.</summary>
    public Task<string> ProtectAsync(string text, CancellationToken ct) => child.AskAsync(Serve.Protect + text, ct);

    /// <summary>The routes of the console that are opened by GET.</summary>
    public async Task<IReadOnlyList<string>> RoutesAsync(CancellationToken ct) =>
        JsonSerializer.Deserialize<List<string>>(await child.AskAsync(Serve.Routes, ct))!;

    public ValueTask DisposeAsync() => child.DisposeAsync();
}

/// <summary>What a serving process tells about itself.</summary>
internal sealed record ServedSite(string Url, string Site, string Secret, string List, string ClientId, string ClientSecret);

/// <param name="Bytes">Allocated.</param>
/// <param name="Cpu">Of all threads, in the program and in the system.</param>
internal sealed record Usage(long Bytes, TimeSpan Cpu);
