using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Imports;

/// <summary>
/// Takes a file in, in constant memory: its rows become pieces in the database, where any gateway that works on it finds them. Nothing is
/// done with it before somebody says what.
/// </summary>
internal sealed class ReceiveImport(GatewayDb db, SiteStore sites, IOptions<ImportsOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Rows of a piece, which are worked on by one transaction: some tens of milliseconds, in which nobody else writes to SQLite.
    /// </summary>
    private const int PieceRows = 200;

    /// <summary>Characters of a piece with very long rows.</summary>
    private const int PieceLength = 256 * 1024;

    /// <summary>Whatever nobody began until then is deleted.</summary>
    public static readonly TimeSpan DraftLifetime = TimeSpan.FromDays(1);

    /// <summary>Files of one site that come in, or that nobody has begun: each takes room in the database.</summary>
    public const int MaxDrafts = 5;

    private static readonly Refusal TooMany = new(
        RefusalKind.Conflict,
        "too_many_drafts",
        $"{MaxDrafts} files of this site have come in that nobody began. Begin or delete one first; each is deleted by itself after a day."
    );

    /// <param name="name">What people call it, such as the name of the file.</param>
    /// <param name="actor">As the audit names them.</param>
    public async Task<Result<Import>> ReceiveAsync(
        Guid siteId,
        string name,
        string actor,
        Stream content,
        CsvWriting writing,
        CancellationToken ct
    )
    {
        if (writing.Error() is { } wrong)
        {
            return wrong;
        }

        if ((await BeginAsync(siteId, name, actor, ct)).IsRefused(out var tooMany, out var import))
        {
            return tooMany;
        }

        var isReceived = false;
        try
        {
            await using var bounded = new BoundedStream(content, options.Value.MaxBytes);
            using var file = await ReadFile.OpenAsync(bounded, writing, ct);
            var first = await StoreAsync(import, file.RowsAsync(ct), ct);
            if (import.Rows == 0)
            {
                return Refusal.Invalid("The file has no rows.");
            }

            (import.Encoding, import.Separator) = (file.Encoding, file.Separator);
            import.Columns = JsonSerializer.Serialize(file.Columns);
            import.Mapping = JsonSerializer.Serialize(ImportFields.Guess(file.Columns, first));
            await EndAsync(import, ct);
            isReceived = true;
            return import;
        }
        catch (UnreadableFileException unreadable)
        {
            return Refusal.Invalid(unreadable.Message);
        }
        catch (TooLongException)
        {
            return new Refusal(
                RefusalKind.TooLarge,
                "too_large",
                $"The file has more than {options.Value.MaxMegabytes} MB. Import it in parts, or raise Imports__MaxMegabytes."
            );
        }
        finally
        {
            if (!isReceived)
            {
                await db.WriteAsync(() => ImportRows.DeleteAsync(db, [import.Id], CancellationToken.None), CancellationToken.None);
            }
        }
    }

    /// <summary>The same with people whom a provider told.</summary>
    /// <param name="columns">Fields of <see cref="ImportFields"/>, which are the mapping too.</param>
    public async Task<Result<Import>> ReceiveAsync(
        Guid siteId,
        string name,
        string actor,
        IReadOnlyList<string> columns,
        IAsyncEnumerable<FileRow> rows,
        CancellationToken ct
    )
    {
        if ((await BeginAsync(siteId, name, actor, ct)).IsRefused(out var tooMany, out var import))
        {
            return tooMany;
        }

        await StoreAsync(import, rows, ct);
        import.Columns = import.Mapping = JsonSerializer.Serialize(columns);
        await EndAsync(import, ct);
        return import;
    }

    private Task<Result<Import>> BeginAsync(Guid siteId, string name, string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var import = new Import
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Name = Shortening.To(UnicodeText.Mended(name).Replace("\0", "", StringComparison.Ordinal), 200),
            Actor = actor,
            State = ImportState.Receiving,
            CreatedAt = now.UtcDateTime,
            DueAt = (now + DraftLifetime).UtcDateTime,
        };
        return db.WriteAsync<Result<Import>>(
            async () =>
            {
                // Of many files at the same moment each counts those before it.
                await sites.LockAsync(siteId, ct);
                var waiting = await db.Imports.CountAsync(
                    row => row.SiteId == siteId && (row.State == ImportState.Receiving || row.State == ImportState.Draft),
                    ct
                );
                if (waiting >= MaxDrafts)
                {
                    return TooMany;
                }

                await db.InsertNewAsync([import], ct);
                return import;
            },
            ct
        );
    }

    /// <returns>Some of the first rows.</returns>
    private async Task<List<FileRow>> StoreAsync(Import import, IAsyncEnumerable<FileRow> rows, CancellationToken ct)
    {
        var (first, piece, length, number) = (new List<FileRow>(), new List<FileRow>(), 0, 0);
        await foreach (var row in rows.WithCancellation(ct))
        {
            piece.Add(row);
            length += row.Cells.Sum(cell => cell.Length);
            import.Rows++;
            if (first.Count < ReadFile.Shown)
            {
                first.Add(row);
            }

            if (piece.Count == PieceRows || length > PieceLength)
            {
                await StoreAsync(import, piece, ++number, ct);
                (piece, length) = ([], 0);
            }
        }

        if (piece.Count > 0)
        {
            await StoreAsync(import, piece, ++number, ct);
        }

        return first;
    }

    private Task StoreAsync(Import import, List<FileRow> piece, int number, CancellationToken ct) =>
        db.WriteAsync(
            () =>
                db.InsertNewAsync(
                    [
                        new ImportPiece
                        {
                            Id = Guid.CreateVersion7(clock.GetUtcNow()),
                            ImportId = import.Id,
                            Number = number,
                            Rows = ImportRows.Written(piece),
                            People = ImportRows.MarksOf(piece),
                        },
                    ],
                    ct
                ),
            ct
        );

    private Task EndAsync(Import import, CancellationToken ct)
    {
        import.State = ImportState.Draft;
        return db.WriteAsync(
            () =>
                db
                    .Imports.Where(row => row.Id == import.Id)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.State, import.State)
                                .SetProperty(row => row.Rows, import.Rows)
                                .SetProperty(row => row.Encoding, import.Encoding)
                                .SetProperty(row => row.Separator, import.Separator)
                                .SetProperty(row => row.Columns, import.Columns)
                                .SetProperty(row => row.Mapping, import.Mapping),
                        ct
                    ),
            ct
        );
    }

    private sealed class TooLongException : Exception;

    /// <summary>Ends with an exception when more comes than may.</summary>
    private sealed class BoundedStream(Stream inner, long most) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Counted(int read) => (_read += read) > most ? throw new TooLongException() : read;
    }
}
