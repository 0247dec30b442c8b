using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Connections;

/// <summary>What a connection is for.</summary>
internal enum ConnectionKind
{
    /// <summary>Contacts of lists are kept in step over it.</summary>
    List,

    /// <summary>SMS leave over it.</summary>
    Sms,

    /// <summary>The site's mails leave over it.</summary>
    Mail,
}

/// <summary>An account at a provider, made without a look at the installation's settings: of one site, or of the installation.</summary>
internal sealed class Connection
{
    public Guid Id { get; set; }

    /// <summary>The site that has it; null when every site may use it.</summary>
    public Guid? SiteId { get; set; }

    public ConnectionKind Kind { get; set; }

    /// <summary>The <see cref="ConnectionProvider.Key"/>: <c>mailjet</c>, <c>brevo</c>, <c>twilio</c>.</summary>
    public required string Provider { get; set; }

    /// <summary>What people call it; unique among those of its owner and kind, whatever the case of its letters.</summary>
    public required string Name { get; set; }

    /// <summary>The provider's settings as a JSON object, encrypted as a whole: they hold its credentials.</summary>
    public required string Settings { get; set; }

    /// <summary>When somebody last tried it, UTC; null when nobody has.</summary>
    public DateTime? TestedAt { get; set; }

    /// <summary>What the last try found, as a sentence; null when it worked.</summary>
    public string? Error { get; set; }

    /// <summary>When the tries began to fail, UTC; null while it works.</summary>
    public DateTime? FailingSince { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Who made it: <c>cli</c>, the client id of an API key, or <c>admin:</c> and a name.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>What goes over a connection is held under the queue's name and the connection's id.</summary>
    /// <returns>Null where the name is that of something else.</returns>
    public static Guid? IdIn(string name) =>
        name.Split('/') is [_, var part, ..] && Guid.TryParseExact(part, "N", out var id) ? id : null;

    /// <returns>All of it that somebody can change. What it signs in with is stored encrypted, anew at each change.</returns>
    public object Changeable() => new { Name, Settings };

    internal sealed class Mapping : IEntityTypeConfiguration<Connection>
    {
        public void Configure(EntityTypeBuilder<Connection> builder)
        {
            builder.ToTable("connections");
            builder.HasIndex(row => new
            {
                row.SiteId,
                row.Kind,
                row.Provider,
            });
        }
    }
}
