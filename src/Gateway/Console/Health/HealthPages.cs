using Gateway.Console.Layout;
using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Settings;
using Gateway.Infrastructure.Telemetry;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Health;

/// <summary>/admin/health — whether this gateway can do its work, for operators: checks, queues, database, settings.</summary>
internal static class HealthPages
{
    /// <summary>How many of the largest tables are shown.</summary>
    private const int Largest = 10;

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/health", AdminPages.Look, LookAsync)
            .WithName("AdminHealthPage")
            .WithSummary("Show whether the gateway can do its work")
            .ForOperators();

    private static async Task<IResult> LookAsync(
        AdminPageContext context,
        Readiness readiness,
        QueueDepths depths,
        GatewayDb db,
        AuditReader audit,
        IConfiguration configuration,
        CancellationToken ct
    )
    {
        var report = await readiness.LookAsync(ct);
        var reading = await depths.ReadAsync(ct);
        return context.Show<HealthPage>(
            (nameof(HealthPage.Checks), report.Entries.Select(entry => HealthRow.Of(entry.Key, entry.Value)).ToList()),
            (
                nameof(HealthPage.Queues),
                reading
                    .Queues.Where(queue => WaitRow.NameOf(queue.Queue) is not null)
                    .OrderByDescending(queue => queue.OldestDue)
                    .ThenBy(queue => queue.Queue)
                    .Select(QueueRow.Of)
                    .ToList()
            ),
            (
                nameof(HealthPage.Planned),
                reading
                    .Queues.Where(queue => WaitRow.NameOf(queue.Queue) is null)
                    .OrderBy(queue => queue.Queue)
                    .Select(QueueRow.Of)
                    .ToList()
            ),
            (nameof(HealthPage.Database), db.Database.IsSqlite() ? "SQLite" : "PostgreSQL"),
            (nameof(HealthPage.Size), QueueRow.Size(reading.Bytes)),
            (
                nameof(HealthPage.Tables),
                reading
                    .Tables.OrderByDescending(table => table.Rows)
                    .Take(Largest)
                    .Select(table => new HealthTable(table.Table, table.Rows, table.Bytes is { } bytes ? QueueRow.Size(bytes) : null))
                    .ToList()
            ),
            (
                nameof(HealthPage.Faults),
                SettingsCheck.Of(configuration) is var found ? [.. found.Errors, .. found.Warnings] : new List<string>()
            ),
            (nameof(HealthPage.LastBackup), await audit.LastAtAsync(AuditReader.BackupMade, ct)),
            (nameof(HealthPage.Version), typeof(HealthPages).Assembly.GetName().Version?.ToString(3) ?? "")
        );
    }
}

/// <summary>Something that was looked at. Public, like the components, because Razor makes them so.</summary>
/// <param name="State"><c>ok</c>, <c>degraded</c> or <c>failing</c>.</param>
/// <param name="Why">A sentence; null when nothing is wrong.</param>
public sealed record HealthRow(string What, string State, string? Why)
{
    /// <summary>For people.</summary>
    public string Word =>
        State switch
        {
            "ok" => T("ok"),
            "degraded" => T("degraded"),
            _ => T("failing"),
        };

    /// <summary>Of the badge.</summary>
    public string Mark =>
        State switch
        {
            "ok" => "good",
            "degraded" => "warn",
            _ => "bad",
        };

    internal static HealthRow Of(string name, HealthReportEntry entry) =>
        new(
            HealthWords.Of(name),
            entry.Status switch
            {
                HealthStatus.Healthy => "ok",
                HealthStatus.Degraded => "degraded",
                _ => "failing",
            },
                // Which ones, and at which sites, the overview says.
                entry.Description
                    is { } said
                    ? TStored(said)
                : name == HealthWords.Connections && entry.Status != HealthStatus.Healthy
                    ? T("The overview says which, and at which sites.")
                : null
        );
}

/// <summary>How much waits in a queue, and for how long.</summary>
/// <param name="Oldest">In words; null while nothing is late.</param>
/// <param name="Failed">Null where nothing fails for good.</param>
public sealed record QueueRow(string Name, int Waiting, string? Oldest, int? Failed, bool IsLate)
{
    /// <summary>A sweep comes every minute; what is due for longer is late.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    internal static QueueRow Of(QueueDepth depth) =>
        new(
            WaitRow.NameOf(depth.Queue)
                ?? depth.Queue switch
                {
                    "expiry" => T("Sign-ups that run out unless they are confirmed"),
                    "events" => T("Events to be handed to hooks"),
                    "mail_events" => T("What providers report of emails"),
                    "hygiene" => T("Rounds of list hygiene"),
                    var other => other,
                },
            depth.Waiting,
            depth.OldestDue < TimeSpan.FromSeconds(1) ? null : Words(depth.OldestDue),
            depth.Failed,
            depth.OldestDue > Late
        );

    internal static string Size(long bytes) =>
        bytes switch
        {
            < 1024 * 1024 => T($"{bytes / 1024.0:0} kB"),
            < 1024L * 1024 * 1024 => T($"{bytes / 1024.0 / 1024:0.#} MB"),
            _ => T($"{bytes / 1024.0 / 1024 / 1024:0.#} GB"),
        };

    private static string Words(TimeSpan time) =>
        time.TotalMinutes < 1 ? T($"{(int)time.TotalSeconds} s")
        : time.TotalHours < 1 ? T($"{(int)time.TotalMinutes} min")
        : time.TotalDays < 1 ? T($"{(int)time.TotalHours} h")
        : T($"{(int)time.TotalDays} days");
}

/// <summary>How large a table is.</summary>
/// <param name="Rows">Estimated.</param>
/// <param name="Size">With its indexes; null where the database does not know.</param>
public sealed record HealthTable(string Name, long Rows, string? Size);
