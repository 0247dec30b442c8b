using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Connections;

/// <summary>A connection that somebody wants to make.</summary>
/// <param name="SiteId">The site that is to have it; null when every site may use it.</param>
/// <param name="Settings">The provider's settings by name.</param>
/// <param name="IsTested">Whether it must work to be stored.</param>
internal sealed record NewConnection(
    Guid? SiteId,
    ConnectionKind Kind,
    string Provider,
    string Name,
    JsonObject Settings,
    bool IsTested = true
);

/// <summary>What is to be different about a connection; null stays.</summary>
/// <param name="Settings">What is not named stays, also the secrets; null takes one away.</param>
/// <param name="IsTested">Whether it must work to be stored.</param>
/// <param name="OnlyKnown">Whether also another name is given only to what is stored as the caller knows it.</param>
internal sealed record ConnectionChange(string? Name, JsonObject? Settings, bool IsTested = true, bool OnlyKnown = false);

/// <summary>A connection with its settings readable.</summary>
/// <param name="Json">The settings as they were given, secrets among them.</param>
internal sealed record OpenConnection(Connection Row, ConnectionProvider Provider, JsonObject Json, IConnectionSettings Settings);

/// <summary>
/// Connections as they are stored. Trying one is a part of storing it, unless somebody says otherwise: a wrong key shows while the person
/// who has the right one still looks.
/// </summary>
internal sealed class ConnectionStore(
    GatewayDb db,
    SiteStore sites,
    SecretEncryption secrets,
    ConnectionProviders providers,
    IEnumerable<IConnectionUse> uses,
    IEnumerable<IConnectionListener> listeners,
    AuditLog audit,
    Outages outages,
    TimeProvider clock
)
{
    /// <summary>Of a refusal: the account does not work.</summary>
    public const string FailedCode = "connection_failed";

    /// <summary>Of one site, or of the installation.</summary>
    private const int Max = 100;
    private const int MaxName = 100;

    /// <summary>Makes a connection and records it.</summary>
    /// <param name="actor">As <see cref="AuditEntry.Actor"/>.</param>
    public async Task<Result<Connection>> AddAsync(NewConnection given, string actor, CancellationToken ct)
    {
        if (providers.Find(given.Kind, given.Provider).IsRefused(out var why, out var provider))
        {
            return why;
        }

        if (given.SiteId is null && given.Kind != ConnectionKind.List)
        {
            return Refusal.Invalid("site", "SMS and mails go over a connection of their site alone: name the site.");
        }

        if (NameError(given.Name) is { } unfit)
        {
            return unfit;
        }

        if (
            ConnectionSettingsJson.Merge(provider, [], given.Settings).IsRefused(out why, out var json)
            || ConnectionSettingsJson.Read(provider, json).IsRefused(out why, out var settings)
        )
        {
            return why;
        }

        if (given.IsTested && await providers.TestAsync(provider, settings, ct) is { } error)
        {
            return Failed(error);
        }

        var row = New(given, provider, json, actor);
        return await db.WriteAsync<Result<Connection>>(
            async () =>
            {
                if (await OthersAsync(row, ct) is { } refused)
                {
                    return refused;
                }

                await db.InsertNewAsync([row], ct);
                await RecordAsync(row, actor, "connection.added", ct);
                return row;
            },
            ct
        );
    }

    public async Task<Result<Connection>> ChangeAsync(Connection known, ConnectionChange change, string actor, CancellationToken ct)
    {
        if (change.Name is { } name && NameError(name) is { } unfit)
        {
            return unfit;
        }

        var json = (JsonObject?)null;
        if (change.Settings is { } given)
        {
            if (
                providers.Find(known.Kind, known.Provider).IsRefused(out var why, out var provider)
                || ConnectionSettingsJson.Merge(provider, Json(known) ?? [], given).IsRefused(out why, out json)
                || ConnectionSettingsJson.Read(provider, json).IsRefused(out why, out var settings)
            )
            {
                return why;
            }

            if (change.IsTested && await providers.TestAsync(provider, settings, ct) is { } error)
            {
                return Failed(error);
            }
        }

        var sealedJson = json is null ? null : secrets.Protect(json.ToJsonString());
        var changed = await db.WriteAsync<Result<Connection>>(
            async () =>
            {
                db.ChangeTracker.Clear();
                var mine = db.Connections.Where(row => row.Id == known.Id);
                if (await mine.LockAsync(ct) == 0)
                {
                    return Missing;
                }

                var row = await mine.SingleAsync(ct);
                if ((sealedJson is not null || change.OnlyKnown) && (row.Settings != known.Settings || row.Name != known.Name))
                {
                    return new Refusal(
                        RefusalKind.Conflict,
                        Versions.Changed,
                        "Somebody else changed this connection in the meantime. Look at it, and change it again."
                    );
                }

                row.Name = change.Name?.Trim() ?? row.Name;
                if (await OthersAsync(row, ct) is { } refused)
                {
                    db.ChangeTracker.Clear();
                    return refused;
                }

                if (sealedJson is not null)
                {
                    row.Settings = sealedJson;
                    Tested(row, error: null, wasTried: change.IsTested);
                }

                await db.SaveChangesAsync(ct);
                await RecordAsync(row, actor, "connection.changed", ct);
                return row;
            },
            ct
        );
        if (sealedJson is not null && !changed.IsRefused(out _, out _))
        {
            await outages.ReleasePartAsync(known.Id.ToString("N"), ct);
        }

        return changed;
    }

    /// <summary>Tries a connection now and notes what came of it.</summary>
    /// <returns>What is wrong, as a sentence; null when it works.</returns>
    public async Task<string?> TestAsync(Connection known, CancellationToken ct)
    {
        var error = Open(known).IsRefused(out var why, out var open)
            ? why.Message
            : await providers.TestAsync(open.Provider, open.Settings, ct);
        await db.WriteAsync(
            async () =>
            {
                db.ChangeTracker.Clear();
                if (await db.Connections.SingleOrDefaultAsync(row => row.Id == known.Id, ct) is { } row && row.Settings == known.Settings)
                {
                    Tested(row, error, wasTried: true);
                    await db.SaveChangesAsync(ct);
                }
            },
            ct
        );
        return error;
    }

    /// <returns>What uses a connection, as people know it: <c>the list "News" (lst_…)</c>.</returns>
    public async Task<List<string>> UsesAsync(Guid id, CancellationToken ct)
    {
        var used = new List<string>();
        foreach (var use in uses)
        {
            used.AddRange(await use.OfAsync(id, ct));
        }

        return used;
    }

    /// <summary>Deletes a connection that nothing uses.</summary>
    /// <returns>Null when it is gone.</returns>
    public async Task<Refusal?> DeleteAsync(Connection known, string actor, CancellationToken ct)
    {
        var why = await db.WriteAsync(() => DeleteInTurnAsync(known, actor, ct), ct);
        if (why is null)
        {
            await outages.ReleasePartAsync(known.Id.ToString("N"), ct);
        }

        return why;
    }

    /// <returns>Null when there is no such connection.</returns>
    public Task<Connection?> FindAsync(Guid? id, CancellationToken ct) =>
        db.Connections.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct);

    /// <summary>A site's own connection; of several the oldest.</summary>
    /// <param name="provider">At this one; null for any.</param>
    public Task<Connection?> OfSiteAsync(Guid siteId, ConnectionKind kind, string? provider, CancellationToken ct) =>
        db
            .Connections.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.Kind == kind && (provider == null || row.Provider == provider))
            .OrderBy(row => row.Id)
            .FirstOrDefaultAsync(ct);

    /// <summary>The connections of one site, or of the installation, the oldest first.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    public Task<List<Connection>> PageAsync(Guid? siteId, Guid? after, int limit, CancellationToken ct) =>
        db
            .Connections.AsNoTracking()
            .Where(row => row.SiteId == siteId && (after == null || row.Id > after))
            .OrderBy(row => row.Id)
            .Take(limit)
            .ToListAsync(ct);

    /// <summary>Connections of several sites, the oldest first.</summary>
    /// <param name="sites">Null is all, and those that every site may use.</param>
    /// <param name="failing">Only those whose last try failed, and these; null leaves none out.</param>
    /// <inheritdoc cref="PageAsync"/>
    public Task<List<Connection>> PageOfSitesAsync(
        IReadOnlyCollection<Guid>? sites,
        IReadOnlyCollection<Guid>? failing,
        Guid? after,
        int limit,
        CancellationToken ct
    ) =>
        db
            .Connections.AsNoTracking()
            .Where(row => sites == null || (row.SiteId != null && sites.Contains(row.SiteId.Value)))
            .Where(row => failing == null || row.Error != null || failing.Contains(row.Id))
            .Where(row => after == null || row.Id > after)
            .OrderBy(row => row.Id)
            .Take(limit)
            .ToListAsync(ct);

    /// <summary>Something got through: what nobody had tried is known to work.</summary>
    public Task UsedAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(
            () =>
                db
                    .Connections.Where(row => ids.Contains(row.Id) && row.TestedAt == null && row.Error == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.TestedAt, now), ct),
            ct
        );
    }

    /// <summary>All connections, the oldest first.</summary>
    public Task<List<Connection>> ListAsync(CancellationToken ct) => db.Connections.AsNoTracking().OrderBy(row => row.Id).ToListAsync(ct);

    /// <summary>Makes a connection's settings readable.</summary>
    public Result<OpenConnection> Open(Connection row) =>
        providers.Find(row.Kind, row.Provider).IsRefused(out var why, out var provider) ? why
        : Json(row) is not { } json
            ? Refusal.Invalid(
                $"The connection \"{row.Name}\" was stored under another master key. Put that key back, or give its credentials anew."
            )
        : ConnectionSettingsJson.Read(provider, json).IsRefused(out why, out var settings) ? why
        : new OpenConnection(row, provider, json, settings);

    private async Task<Refusal?> DeleteInTurnAsync(Connection known, string actor, CancellationToken ct)
    {
        var mine = db.Connections.Where(row => row.Id == known.Id);
        if (await mine.LockAsync(ct) == 0)
        {
            return Missing;
        }

        if (await UsesAsync(known.Id, ct) is { Count: > 0 } used)
        {
            return new(
                RefusalKind.Conflict,
                "connection_in_use",
                $"It is used by {string.Join(", ", used.Take(5))}{(used.Count > 5 ? " and others" : "")}. Give these another "
                    + "connection first."
            );
        }

        await mine.ExecuteDeleteAsync(ct);
        await RecordAsync(known, actor, "connection.deleted", ct);
        return null;
    }

    private Connection New(NewConnection given, ConnectionProvider provider, JsonObject json, string actor)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = given.SiteId,
            Kind = given.Kind,
            Provider = provider.Key,
            Name = given.Name.Trim(),
            Settings = secrets.Protect(json.ToJsonString()),
            TestedAt = given.IsTested ? now.UtcDateTime : null,
            CreatedAt = now.UtcDateTime,
            CreatedBy = actor,
        };
    }

    /// <summary>Inside the caller's transaction: what other connections of the owner say against this one.</summary>
    private async Task<Refusal?> OthersAsync(Connection row, CancellationToken ct)
    {
        // Connections of one site are made one after the other.
        if (row.SiteId is { } siteId)
        {
            await sites.LockAsync(siteId, ct);
        }

        var others = await db
            .Connections.AsNoTracking()
            .Where(other => other.SiteId == row.SiteId && other.Id != row.Id)
            .Select(other => new { other.Kind, other.Name })
            .ToListAsync(ct);
        return others.Exists(other => other.Kind == row.Kind && other.Name.Equals(row.Name, StringComparison.OrdinalIgnoreCase))
                ? new Refusal(RefusalKind.Conflict, "name_taken", $"There is a connection \"{row.Name}\" already.", "name")
            : others.Count >= Max
                ? new Refusal(RefusalKind.Conflict, "too_many_connections", $"There can be {Max} connections. Delete those nobody uses.")
            : null;
    }

    private void Tested(Connection row, string? error, bool wasTried)
    {
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        row.TestedAt = wasTried ? now : null;
        row.Error = error;
        row.FailingSince = error is null ? null : row.FailingSince ?? now;
    }

    /// <returns>Null when it was encrypted under another master key.</returns>
    private JsonObject? Json(Connection row)
    {
        try
        {
            return (JsonObject)JsonNode.Parse(secrets.Unprotect(row.Settings))!;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Inside the caller's transaction: who did what, and who hears of it afterwards.</summary>
    private Task RecordAsync(Connection row, string actor, string action, CancellationToken ct)
    {
        foreach (var listener in listeners)
        {
            db.OnCommitted(() => listener.Changed(row));
        }

        return audit.RecordAsync(row.SiteId, actor, action, PublicId.Format(PublicId.Connection, row.Id), ct);
    }

    private static Refusal? NameError(string name) =>
        name.Trim().Length is 0 or > MaxName || name.Any(char.IsControl)
            ? Refusal.Invalid("name", $"name is what people call the connection, in at most {MaxName} characters on one line.")
            : null;

    private static Refusal Failed(string error) => new(RefusalKind.Invalid, FailedCode, error, "settings");

    private static Refusal Missing => new(RefusalKind.Missing, "not_found", "There is no such connection.");
}
