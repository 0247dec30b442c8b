using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>One person of a site, known by an email address. Name and properties are those that were confirmed.</summary>
internal sealed class Contact
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>As the person typed it.</summary>
    public required string Address { get; set; }

    /// <summary>The identity: <see cref="Infrastructure.Text.EmailAddress.Key"/> of the address.</summary>
    public required string AddressKey { get; set; }

    public string? Name { get; set; }

    /// <summary>Two-letter language of mails to this person.</summary>
    public string Language { get; set; } = "en";

    /// <summary>A JSON object of texts. One that was removed stays as null, so that providers are asked to empty it too.</summary>
    public string Properties { get; set; } = "{}";

    public DateTime CreatedAt { get; set; }

    /// <summary>What is doubtful about the address, as the rules said that judged it last; null for nearly all.</summary>
    public AddressFlaw? Flaw { get; set; }

    /// <summary>What the owner of the address agreed to becomes the contact's; what they said nothing about stays.</summary>
    /// <param name="properties">By name, whatever its case: providers make no difference. Null removes one.</param>
    /// <returns>Whether anything is different now.</returns>
    public bool TakeOver(string? name, string language, IReadOnlyDictionary<string, string?> properties)
    {
        var before = (Name, Language, Properties);
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in AllProperties())
        {
            all[key] = value;
        }

        foreach (var (key, value) in properties)
        {
            if (value is not null || all.ContainsKey(key))
            {
                all[key] = value;
            }
        }

        (Name, Language, Properties) = (name ?? Name, language, JsonSerializer.Serialize(all));
        return before != (Name, Language, Properties);
    }

    /// <returns>Those that the person has.</returns>
    public Dictionary<string, string> KnownProperties() =>
        AllProperties().Where(property => property.Value is not null).ToDictionary(property => property.Key, property => property.Value!);

    /// <returns>Those that the person has, and as null those that were removed.</returns>
    public Dictionary<string, string?> AllProperties() => JsonSerializer.Deserialize<Dictionary<string, string?>>(Properties) ?? [];

    internal sealed class Mapping : IEntityTypeConfiguration<Contact>
    {
        public void Configure(EntityTypeBuilder<Contact> builder)
        {
            builder.ToTable("contacts");
            builder.HasIndex(contact => new { contact.SiteId, contact.AddressKey }).IsUnique();

            // The page on which a code is typed knows the address but no site.
            builder.HasIndex(contact => contact.AddressKey);

            // Few, and counted and paged by the hygiene report.
            builder
                .HasIndex(contact => new
                {
                    contact.SiteId,
                    contact.Flaw,
                    contact.Id,
                })
                .HasFilter("flaw is not null");
        }
    }
}

/// <summary>What is doubtful about an address. The person behind it may be real, so nothing follows from it by itself.</summary>
internal enum AddressFlaw
{
    /// <summary>Its domain is that of a large mailbox provider, mistyped: mail goes to nobody, or to a stranger.</summary>
    Typo,

    /// <summary>Its domain gives away throw-away addresses.</summary>
    Disposable,

    /// <summary>It is that of a function, such as <c>info@</c>: several people may read it, and not all of them agreed.</summary>
    Role,
}
