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

    /// <summary>A JSON object of texts.</summary>
    public string Properties { get; set; } = "{}";

    public DateTime CreatedAt { get; set; }

    /// <summary>What the owner of the address agreed to becomes the contact's; what they said nothing about stays.</summary>
    /// <returns>Whether anything is different now.</returns>
    public bool TakeOver(string? name, string language, IReadOnlyDictionary<string, string> properties)
    {
        var before = (Name, Language, Properties);
        var all = JsonSerializer.Deserialize<Dictionary<string, string>>(Properties)!;
        foreach (var (key, value) in properties)
        {
            all[key] = value;
        }

        (Name, Language, Properties) = (name ?? Name, language, JsonSerializer.Serialize(all));
        return before != (Name, Language, Properties);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Contact>
    {
        public void Configure(EntityTypeBuilder<Contact> builder)
        {
            builder.ToTable("contacts");
            builder.HasIndex(contact => new { contact.SiteId, contact.AddressKey }).IsUnique();

            // The page on which a code is typed knows the address but no site.
            builder.HasIndex(contact => contact.AddressKey);
        }
    }
}
