using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sites;

/// <summary>A website whose forms and Zaps this gateway serves. Everything else belongs to one site.</summary>
internal sealed class Site
{
    public Guid Id { get; set; }

    /// <summary>As subscribers see it on pages and in mails.</summary>
    public required string Name { get; set; }

    /// <summary>The sender of mails when a list names none; null means the installation's default sender.</summary>
    public string? FromEmail { get; set; }

    /// <summary>Two-letter language of pages and mails when the form's language is not one we have.</summary>
    public string Language { get; set; } = "en";

    /// <summary>The brand's colour as <c>#rrggbb</c>, for the button and the headline.</summary>
    public string? Colour { get; set; }

    /// <summary>An https address of the brand's logo.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>How much of a visitor's IP address may be kept; it is a matter of dispute, hence a setting.</summary>
    public IpStorage IpStorage { get; set; }

    /// <summary>Whether <c>submission.received</c> is recorded as an event, which carries an address before it is confirmed.</summary>
    public bool TellSubmissions { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Site>
    {
        public void Configure(EntityTypeBuilder<Site> builder)
        {
            builder.Property(site => site.Name).HasMaxLength(200);
            builder.Property(site => site.Language).HasMaxLength(8);
        }
    }
}

internal enum IpStorage
{
    Full,

    /// <summary>IPv4 without its last octet, IPv6 without its last 80 bits.</summary>
    Truncated,

    None,
}
