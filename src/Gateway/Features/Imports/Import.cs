using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Imports;

/// <summary>Where an import has got to.</summary>
internal enum ImportState
{
    /// <summary>Its file is still coming in.</summary>
    Receiving,

    /// <summary>Its file is here, and nobody has said yet what is to be done with it.</summary>
    Draft,

    Running,

    /// <summary>Somebody stopped it; it can go on.</summary>
    Stopped,

    /// <summary>Each of its rows was looked at, or it was stopped for good.</summary>
    Ended,

    /// <summary>What it did is being taken back.</summary>
    Undoing,

    Undone,
}

/// <summary>What becomes of the people in a file.</summary>
internal enum ImportConsent
{
    /// <summary>They agreed elsewhere, as the import says: they are on the list at once, and the ledger says where from.</summary>
    Proven,

    /// <summary>Nobody can say that they agreed: each is asked by a confirmation mail first.</summary>
    Double,
}

/// <summary>
/// A file with people, on its way onto a list. The table is the queue of <see cref="WorkImports"/>. What it did and which rows are left
/// change together, so after a crash it goes on where it was.
/// </summary>
internal sealed class Import : ILeased
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The list that people come onto; null until somebody says so.</summary>
    public Guid? ListId { get; set; }

    public ImportState State { get; set; }

    /// <summary>What people call it: the name of the file, or the list at a provider.</summary>
    public required string Name { get; set; }

    /// <summary>How the file writes letters, such as <c>UTF-8</c>.</summary>
    public string Encoding { get; set; } = "";

    /// <summary>What stands between two cells of the file.</summary>
    public string Separator { get; set; } = "";

    /// <summary>A JSON array: what stands above each column, or its number where the file has no heading.</summary>
    public string Columns { get; set; } = "[]";

    /// <summary>A JSON array with the field of each column (<see cref="Reading.ImportFields"/>); null is one that is left out.</summary>
    public string Mapping { get; set; } = "[]";

    public ImportConsent Consent { get; set; }

    /// <summary>Where the people agreed, as the ledger says it of each; null where they are asked.</summary>
    public string? Source { get; set; }

    /// <summary>The words they agreed to; null where nobody has them any more.</summary>
    public string? ConsentText { get; set; }

    /// <summary>The day on which those agreed whose row does not say it, UTC; null where each row must.</summary>
    public DateOnly? ConsentOn { get; set; }

    /// <summary>How the file writes days with strokes, such as 3/4/2025.</summary>
    public DateOrder Dates { get; set; }

    /// <summary>Who decided it, as the audit names them.</summary>
    public required string Actor { get; set; }

    /// <summary>Rows of the file, without its heading.</summary>
    public int Rows { get; set; }

    /// <summary>
    /// The last piece that was looked through for people who left (<see cref="SearchImport"/>), before anybody is put on the list.
    /// </summary>
    public int SearchedUpTo { get; set; }

    /// <summary>People who are on the list by it.</summary>
    public int Subscribed { get; set; }

    /// <summary>People whom it asks by mail.</summary>
    public int Asked { get; set; }

    /// <summary>Rows about people who were on the list, or had been asked, before.</summary>
    public int Known { get; set; }

    /// <summary>Rows that say that the person left or cannot be reached: nobody writes to them.</summary>
    public int Suppressed { get; set; }

    /// <summary>Rows that were not taken; <see cref="RefusedRow"/> says why.</summary>
    public int Refused { get; set; }

    /// <summary>People who were taken off the list again.</summary>
    public int Undone { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Null until every row was looked at, or what it did was taken back.</summary>
    public DateTime? EndedAt { get; set; }

    /// <inheritdoc cref="IQueued.DueAt"/>
    /// <remarks>Of a draft and of one that was stopped: when it is given up, and its file deleted.</remarks>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    /// <summary>Tries in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Why it does not go on by itself, in a sentence; null for nearly all.</summary>
    public string? Failure { get; set; }

    internal sealed class Mappings : IEntityTypeConfiguration<Import>
    {
        public void Configure(EntityTypeBuilder<Import> builder)
        {
            builder.ToTable("imports");
            builder.HasIndex(import => import.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(import => import.Id).HasFilter("failure is not null");
            builder.HasIndex(import => new { import.SiteId, import.Id });
        }
    }
}

/// <summary>Some rows of a file that nobody has looked at yet. It is deleted in the transaction that works on them.</summary>
internal sealed class ImportPiece
{
    public Guid Id { get; set; }

    public Guid ImportId { get; set; }

    /// <summary>Its place in the file: 1, 2, 3 …</summary>
    public int Number { get; set; }

    /// <summary>A JSON array of <see cref="Reading.FileRow"/>.</summary>
    public required string Rows { get; set; }

    /// <summary>Marks of the addresses in the rows (<see cref="ImportRows.MarksOf"/>).</summary>
    public string People { get; set; } = "";

    /// <summary>Raised when somebody was erased from it, so that whoever has read it before reads it again.</summary>
    public int Revision { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ImportPiece>
    {
        public void Configure(EntityTypeBuilder<ImportPiece> builder)
        {
            builder.ToTable("import_pieces");
            builder.HasIndex(piece => new { piece.ImportId, piece.Number }).IsUnique();
        }
    }
}

/// <summary>A subscription that an import added, as it was then: only one that is still the same is taken back.</summary>
internal sealed class ImportedSubscription
{
    public Guid SubscriptionId { get; set; }

    public Guid ImportId { get; set; }

    public Guid ContactId { get; set; }

    public DateTime UpdatedAt { get; set; }

    public DateOnly? LastSignOn { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ImportedSubscription>
    {
        public void Configure(EntityTypeBuilder<ImportedSubscription> builder)
        {
            builder.ToTable("imported_subscriptions");
            builder.HasKey(one => one.SubscriptionId);
            builder.Property(one => one.SubscriptionId).ValueGeneratedNever();
            builder.HasIndex(one => new { one.ImportId, one.SubscriptionId });
            builder.HasIndex(one => one.ContactId);
        }
    }
}

/// <summary>A row of a file that was not taken.</summary>
internal sealed class RefusedRow
{
    public Guid Id { get; set; }

    public Guid ImportId { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The line of the file on which the row begins, from 1.</summary>
    public int Line { get; set; }

    /// <summary>What stands where the address should, at most <see cref="MaxAddress"/> characters.</summary>
    public required string Address { get; set; }

    /// <summary>Whose row it is, where that is an address; an erasure finds it by that.</summary>
    public string? AddressKey { get; set; }

    /// <summary>A sentence.</summary>
    public required string Reason { get; set; }

    public const int MaxAddress = 320;

    internal sealed class Mapping : IEntityTypeConfiguration<RefusedRow>
    {
        public void Configure(EntityTypeBuilder<RefusedRow> builder)
        {
            builder.ToTable("import_refused_rows");
            builder.HasIndex(row => new { row.ImportId, row.Line });
            builder.HasIndex(row => new { row.SiteId, row.AddressKey }).HasFilter("address_key is not null");
        }
    }
}
