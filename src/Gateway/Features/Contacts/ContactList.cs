using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>A list people subscribe to, kept here and mirrored at a provider.</summary>
internal sealed class ContactList
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>As subscribers see it on pages and in mails, where <see cref="Texts"/> has no other name in their language.</summary>
    public required string Name { get; set; }

    /// <summary>JSON: by two-letter language, a <see cref="ListText"/>; null where the name says it all in every language.</summary>
    public string? Texts { get; set; }

    /// <summary>What consent to it is for: the key of a <see cref="Purposes.Purpose"/>.</summary>
    public string Purpose { get; set; } = PurposeTexts.Newsletter;

    /// <summary>The sender of this list's mails; null means the site's.</summary>
    public string? FromEmail { get; set; }

    /// <summary>The key of the <see cref="IListProvider"/>: <c>local</c>, <c>mailjet</c>, <c>brevo</c>.</summary>
    public string Provider { get; set; } = "local";

    /// <summary>The connection to the provider; null means the installation's settings, or a local list.</summary>
    public Guid? ConnectionId { get; set; }

    /// <summary>The list's id at the provider; null for a local list.</summary>
    public string? ProviderListId { get; set; }

    /// <summary>Whether a welcome mail follows the confirmation.</summary>
    public bool Welcome { get; set; }

    /// <summary>The template of its confirmation mails; null means the site's of that kind, or the built-in one.</summary>
    public Guid? ConfirmationTemplateId { get; set; }

    /// <inheritdoc cref="ConfirmationTemplateId"/>
    public Guid? WelcomeTemplateId { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Since when it takes nobody any more; null for one in use. Who is on it stays, with the proof of it.</summary>
    public DateTime? ArchivedAt { get; set; }

    /// <returns>All of it that somebody can change.</returns>
    public object Changeable() =>
        new
        {
            Name,
            Texts,
            Purpose,
            FromEmail,
            ConnectionId,
            ProviderListId,
            Welcome,
            ConfirmationTemplateId,
            WelcomeTemplateId,
            IsArchived = ArchivedAt is not null,
        };

    /// <returns>Why nobody joins it; null while people may.</returns>
    public Refusal? ErrorOfJoining() =>
        ArchivedAt is null
            ? null
            : new(
                RefusalKind.Conflict,
                "list_archived",
                $"The list “{Name}” is archived: it takes nobody any more. Choose another one, or bring it back.",
                "list"
            );

    /// <returns>The list as somebody with this language sees it.</returns>
    public ShownList In(string language) =>
        Texts is not null && ListText.Read(Texts).TryGetValue(language, out var text)
            ? new(Id, text.Name ?? Name, text.Description)
            : new(Id, Name, null);

    internal sealed class Mapping : IEntityTypeConfiguration<ContactList>
    {
        public void Configure(EntityTypeBuilder<ContactList> builder)
        {
            builder.ToTable("lists");
            builder.Property(list => list.Purpose).HasMaxLength(Purposes.Purpose.MaxKey);
            builder.HasIndex(list => list.SiteId);
            builder.HasIndex(list => list.ConnectionId);
        }
    }
}
