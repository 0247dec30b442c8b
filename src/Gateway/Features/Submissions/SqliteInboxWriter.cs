using Gateway.Infrastructure.Data;
using Microsoft.Data.Sqlite;

namespace Gateway.Features.Submissions;

/// <summary>One transaction for the group with one prepared statement, behind the write gate.</summary>
internal sealed class SqliteInboxWriter(string connectionString, WriteGate gate) : IInboxWriter, IDisposable
{
    private SqliteConnection? _connection;
    private SqliteCommand? _insert;
    private SqliteCommand? _find;

    public async Task<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>> StoreAsync(IReadOnlyList<Submission> rows)
    {
        try
        {
            using var pass = await gate.EnterAsync(CancellationToken.None);
            return Store(rows);
        }
        catch (SqliteException)
        {
            // Whatever it was (a full disk, a replaced file), the next group starts from a fresh connection.
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _insert?.Dispose();
        _find?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }

    private Dictionary<(Guid SiteId, string Key), StoredSubmission> Store(IReadOnlyList<Submission> rows)
    {
        var connection = Open();
        var stored = new Dictionary<(Guid, string), StoredSubmission>(rows.Count);

        using var transaction = connection.BeginTransaction();
        _insert!.Transaction = transaction;
        _find!.Transaction = transaction;
        foreach (var row in rows)
        {
            stored[(row.SiteId, row.Key)] = Insert(row) ? new(row.Id, row.ContentHash) : Find(row);
        }

        transaction.Commit();
        return stored;
    }

    private bool Insert(Submission row)
    {
        var parameters = _insert!.Parameters;
        parameters["$id"].Value = row.Id;
        parameters["$site"].Value = row.SiteId;
        parameters["$key"].Value = row.Key;
        parameters["$hash"].Value = row.ContentHash;
        parameters["$body"].Value = row.Body;
        parameters["$form"].Value = (object?)row.FormId ?? DBNull.Value;
        parameters["$visitor"].Value = (object?)row.Visitor ?? DBNull.Value;
        parameters["$received"].Value = row.ReceivedAt;
        parameters["$due"].Value = row.DueAt;
        parameters["$attempts"].Value = row.Attempts;
        return _insert.ExecuteNonQuery() == 1;
    }

    private StoredSubmission Find(Submission row)
    {
        _find!.Parameters["$site"].Value = row.SiteId;
        _find.Parameters["$key"].Value = row.Key;
        using var reader = _find.ExecuteReader();
        reader.Read();
        return new(reader.GetGuid(0), (byte[])reader[1]);
    }

    private SqliteConnection Open()
    {
        if (_connection is not null)
        {
            return _connection;
        }

        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using (var pragma = connection.CreateCommand())
        {
            // Keys come in no order, so their index wants room in memory; and the log is carried over less often than after every few
            // groups.
            pragma.CommandText = "pragma synchronous = full; pragma cache_size = -65536; pragma wal_autocheckpoint = 8000";
            pragma.ExecuteNonQuery();
        }

        _insert = Command(
            connection,
            """
            insert into submissions (id, site_id, key, content_hash, body, form_id, visitor, state, received_at, due_at, attempts, losses)
            values ($id, $site, $key, $hash, $body, $form, $visitor, 'waiting', $received, $due, $attempts, 0)
            on conflict (site_id, key) do nothing
            """,
            "$id",
            "$site",
            "$key",
            "$hash",
            "$body",
            "$form",
            "$visitor",
            "$received",
            "$due",
            "$attempts"
        );
        _find = Command(connection, "select id, content_hash from submissions where site_id = $site and key = $key", "$site", "$key");
        return _connection = connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}
