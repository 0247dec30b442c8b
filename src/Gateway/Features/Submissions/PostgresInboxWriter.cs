using Gateway.Infrastructure.Data;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Features.Submissions;

/// <summary>
/// One <c>insert … select from unnest</c> for the whole group, the fastest of the forms measured (COPY loses a fifth), over a connection of
/// its own:
/// one from the pool would be reset before each group.
/// </summary>
internal sealed class PostgresInboxWriter(NpgsqlDataSource database) : IInboxWriter, IAsyncDisposable
{
    private const string Insert = """
        insert into submissions (id, site_id, key, content_hash, body, form_id, visitor, state, received_at, due_at, attempts, losses)
        select id, site_id, key, content_hash, body, form_id, visitor, 'waiting', received_at, due_at, attempts, 0
        from unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::timestamptz[], $8::bytea[],
            $9::timestamptz[], $10::int[])
            as given (id, site_id, key, content_hash, body, form_id, received_at, visitor, due_at, attempts)
        on conflict (site_id, key) do nothing
        returning id
        """;

    private const string Find = """
        select s.id, s.site_id, s.key, s.content_hash
        from submissions s join unnest($1::uuid[], $2::text[]) as given (site_id, key) on s.site_id = given.site_id and s.key = given.key
        """;

    private const int Tries = 5;

    private NpgsqlConnection? _connection;
    private bool _isPooled;

    public async Task<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>> StoreAsync(IReadOnlyList<Submission> rows)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StoreOnceAsync(rows);
            }
            catch (PostgresException deadlock) when (deadlock.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < Tries)
            {
                // Another replica stores the same keys; one of the two goes first.
            }
            catch (NpgsqlException)
            {
                // The next group dials again.
                await DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }

    private async Task<IReadOnlyDictionary<(Guid, string), StoredSubmission>> StoreOnceAsync(IReadOnlyList<Submission> rows)
    {
        var stored = rows.ToDictionary(row => (row.SiteId, row.Key), row => new StoredSubmission(row.Id, row.ContentHash));
        var missing = rows;

        var connection = _connection ?? await DialAsync();
        for (var attempt = 1; missing.Count > 0; attempt++)
        {
            var inserted = await InsertAsync(connection, missing);
            if (inserted.Count == missing.Count)
            {
                return stored;
            }

            missing = await FindAsync(connection, [.. missing.Where(row => !inserted.Contains(row.Id))], stored);
            if (attempt == Tries && missing.Count > 0)
            {
                throw new TimeoutException("Rows under the same keys come and go; they could not be stored.");
            }
        }

        return stored;
    }

    private async Task<NpgsqlConnection> DialAsync()
    {
        _connection = await database.OpenConnectionAsync();
        _isPooled = await Pooler.StandsBeforeAsync(_connection);
        return _connection;
    }

    /// <summary>A statement is its own transaction here, which saves two round trips.</summary>
    private async Task<HashSet<Guid>> InsertAsync(NpgsqlConnection connection, IReadOnlyList<Submission> rows)
    {
        await using var insert = new NpgsqlCommand(Insert, connection);
        insert.Parameters.Add(Array(rows.Select(row => row.Id), NpgsqlDbType.Uuid));
        insert.Parameters.Add(Array(rows.Select(row => row.SiteId), NpgsqlDbType.Uuid));
        insert.Parameters.Add(Array(rows.Select(row => row.Key), NpgsqlDbType.Text));
        insert.Parameters.Add(Array(rows.Select(row => row.ContentHash), NpgsqlDbType.Bytea));
        insert.Parameters.Add(Array(rows.Select(row => row.Body), NpgsqlDbType.Bytea));
        insert.Parameters.Add(Array(rows.Select(row => row.FormId), NpgsqlDbType.Text));
        insert.Parameters.Add(Array(rows.Select(row => row.ReceivedAt), NpgsqlDbType.TimestampTz));
        insert.Parameters.Add(Array(rows.Select(row => row.Visitor), NpgsqlDbType.Bytea));
        insert.Parameters.Add(Array(rows.Select(row => row.DueAt), NpgsqlDbType.TimestampTz));
        insert.Parameters.Add(Array(rows.Select(row => row.Attempts), NpgsqlDbType.Integer));
        if (!_isPooled)
        {
            await insert.PrepareAsync();
        }

        var inserted = new HashSet<Guid>(rows.Count);
        await using var reader = await insert.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            inserted.Add(reader.GetGuid(0));
        }

        return inserted;
    }

    /// <returns>The rows whose key was taken a moment ago and is gone by now.</returns>
    private static async Task<List<Submission>> FindAsync(
        NpgsqlConnection connection,
        List<Submission> rows,
        Dictionary<(Guid, string), StoredSubmission> stored
    )
    {
        await using var find = new NpgsqlCommand(Find, connection);
        find.Parameters.Add(Array(rows.Select(row => row.SiteId), NpgsqlDbType.Uuid));
        find.Parameters.Add(Array(rows.Select(row => row.Key), NpgsqlDbType.Text));

        var found = new HashSet<(Guid, string)>();
        await using var reader = await find.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var key = (reader.GetGuid(1), reader.GetString(2));
            stored[key] = new(reader.GetGuid(0), reader.GetFieldValue<byte[]>(3));
            found.Add(key);
        }

        return [.. rows.Where(row => !found.Contains((row.SiteId, row.Key)))];
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
