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

    /// <summary>Who writes, with postal address and imprint: lines at the end of its mails and pages.</summary>
    public string? Footer { get; set; }

    /// <summary>How much of a visitor's IP address may be kept; it is a matter of dispute, hence a setting.</summary>
    public IpStorage IpStorage { get; set; }

    /// <summary>Whether <c>submission.received</c> is recorded as an event, which carries an address before it is confirmed.</summary>
    public bool TellSubmissions { get; set; }

    /// <summary>The IANA name of the time zone in which quiet hours are meant and mails tell dates, such as <c>Europe/Paris</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>When no transactional mail goes out, such as <c>22:00-07:00</c>; null for never.</summary>
    public string? MailQuiet { get; set; }

    /// <summary>When no SMS goes out, likewise.</summary>
    public string? SmsQuiet { get; set; }

    /// <summary>Addresses that tests of templates may go to, with spaces between.</summary>
    public string? TestRecipients { get; set; }

    /// <summary>Days for which settled submissions, messages, SMS and events are kept; null is the installation's number.</summary>
    public int? KeepDays { get; set; }

    /// <summary>Whether bulk mail stops when too much comes back or is called spam.</summary>
    public bool Brake { get; set; }

    /// <summary>
    /// What its mails leave by, the first first: ids of its connections (<c>conn_…</c>) and <c>installation</c>, with spaces between. Null
    /// is its oldest connection for mail, or else the installation's transport.
    /// </summary>
    public string? MailRoute { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Site>
    {
        public void Configure(EntityTypeBuilder<Site> builder)
        {
            builder.ToTable("sites");
            builder.Property(site => site.Name).HasMaxLength(SiteRules.MaxName);
            builder.Property(site => site.Language).HasMaxLength(8);
            builder.Property(site => site.TimeZone).HasMaxLength(64);
            builder.Property(site => site.MailQuiet).HasMaxLength(11);
            builder.Property(site => site.SmsQuiet).HasMaxLength(11);
            builder.Property(site => site.TestRecipients).HasMaxLength(1000);
            builder.Property(site => site.Footer).HasMaxLength(SiteRules.MaxFooter);
            builder.Property(site => site.MailRoute).HasMaxLength(400);
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
