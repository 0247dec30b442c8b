using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>
/// Reads what transactional mails are written from, and says which may not be sent, and why. They also go to people who left every list: an
/// order
/// is confirmed to whoever made it. Nothing goes where mail came back or was complained about.
/// </summary>
internal sealed class TransactionalMailSource(
    SiteStore siteStore,
    ContactStore contactStore,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    PublishedTemplates templates,
    TemplateStore store,
    TemplatePreview preview,
    SecretEncryption secrets,
    IOptions<MailOptions> options,
    TimeProvider clock
) : IMailSource
{
    private static readonly MessageSecrets NoLinks = new();
    private static readonly SkipReason Gone = new("It is not needed any more: the site is gone.", IsMoot: true);
    private static readonly SkipReason Unreadable = new("Its content cannot be decrypted with this master key.");

    public bool Has(Message message) => message.Address is not null;

    public async Task<List<PreparedMail>> ReadAsync(List<Message> messages, CancellationToken ct)
    {
        var sources = await SourcesAsync(messages, ct);
        return messages.ConvertAll(message => new PreparedMail(message, MailOf(message, sources, out var skip), skip));
    }

    private OutgoingMail? MailOf(Message message, Sources sources, out SkipReason? skip)
    {
        OutgoingMail? mail = null;
        skip = sources.Suppressed.TryGetValue((message.SiteId, message.Address!), out var reason) ? SkipReasonOf(reason) : null;
        skip ??= !sources.Sites.TryGetValue(message.SiteId, out var site)
            ? Gone
            : Quiet(message, site) ?? Write(message, site, sources, out mail);
        return mail;
    }

    private static SkipReason? SkipReasonOf(SuppressionReason reason) =>
        reason switch
        {
            SuppressionReason.Bounced => SkipReason.Bounced,
            SuppressionReason.Complained => SkipReason.Complained,
            _ => null,
        };

    /// <summary>
    /// It was due before, and waited or failed into the quiet hours. Whoever tries something sits in front of the screen, and an operator
    /// wants to know.
    /// </summary>
    private SkipReason? Quiet(Message message, Site site)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var earliest = message.IsInEarnest ? QuietHours.Of(site.MailQuiet, site.TimeZone)?.Earliest(now) : null;
        return earliest > now && MessageVariables.Open(message.Variables, secrets)?.ContainsKey(SystemMail.Mark) != true
            ? new("It waits until the quiet hours are over.", Until: earliest)
            : null;
    }

    private SkipReason? Write(Message message, Site site, Sources sources, out OutgoingMail? mail)
    {
        mail = null;
        if (EmailAddress.Parse(MailSenders.First(message.Sender, site.FromEmail, options.Value.From)) is not { } from)
        {
            return SkipReason.NoSender;
        }

        if (MessageVariables.Open(message.Variables, secrets) is not { } values)
        {
            return Unreadable;
        }

        if (message.TestOf is { } tried)
        {
            if (
                !sources.Tried.TryGetValue(tried, out var version)
                || CompiledTemplate.Of(version.Version.Source).Template is not { } draft
            )
            {
                return new("The version that was to be tried is gone.", IsMoot: true);
            }

            mail = new(
                message,
                message.Address!,
                from.Text,
                null,
                site,
                NoLinks,
                draft,
                preview.ModelOf(site, version.Kind, message.Language, values, PreviewAudience.Stored(values))
            );
            return null;
        }

        if (TemplateOf(message, site, sources) is not { } template)
        {
            return new($"There is no published template \"{message.Template}\" any more.");
        }

        var contact = sources.Contacts.GetValueOrDefault((message.SiteId, message.Address!));
        var recipient = new RecipientFacts(
            sources.Templates[message.SiteId].Segments,
            clock.GetUtcNow().UtcDateTime,
            contact?.CreatedAt,
            sources.OnLists[contact?.Id ?? Guid.Empty].ToHashSet()
        );
        mail = new(
            message,
            message.Address!,
            from.Text,
            null,
            site,
            NoLinks,
            template.Template,
            MailModel.OfTransactional(site, contact, template.Language, values, recipient)
        );
        return null;
    }

    private static (CompiledTemplate Template, string Language)? TemplateOf(Message message, Site site, Sources sources) =>
        MailTemplate.Find(message.Template) is not null
            ? (BuiltInMails.Compiled(message.Template, message.Language), message.Language)
            : sources.Templates[message.SiteId].Find(message.Template, TemplateKind.Email)?.In(message.Language, site.Language);

    private async Task<Sources> SourcesAsync(List<Message> messages, CancellationToken ct)
    {
        var siteIds = messages.Select(message => message.SiteId).Distinct().ToList();
        var sites = await siteStore.GetManyAsync(siteIds, ct);
        var suppressed = await suppressions.FindAsync(
            SuppressionChannel.Email,
            [.. messages.Select(message => (message.SiteId, message.Address!))],
            ct
        );
        var published = new Dictionary<Guid, SiteTemplates>();
        foreach (var siteId in siteIds)
        {
            published[siteId] = await templates.OfAsync(siteId, ct);
        }

        // The built-in template says nothing about whom it goes to.
        var addressed = messages
            .Where(message => MailTemplate.Find(message.Template) is null)
            .Select(message => (message.SiteId, message.Address!))
            .Distinct()
            .ToList();
        var contacts = await contactStore.FindManyAsync(addressed, ct);

        // Who is on which list is asked for only where a section may be for some of them.
        var onLists = await subscriptions.ConfirmedListsAsync(
            messages.Exists(message => HasSegments(published[message.SiteId], message))
                ? [.. contacts.Values.Select(contact => contact.Id)]
                : [],
            ct
        );
        var tried = await store.VersionsAsync([.. messages.Select(message => message.TestOf).OfType<Guid>().Distinct()], ct);
        return new(sites, suppressed, published, contacts, onLists, tried);
    }

    private static bool HasSegments(SiteTemplates templates, Message message) =>
        templates.Find(message.Template, TemplateKind.Email)?.Words.Values.Any(words => words.Segments.Count > 0) == true;

    private sealed record Sources(
        Dictionary<Guid, Site> Sites,
        Dictionary<(Guid SiteId, string AddressKey), SuppressionReason> Suppressed,
        Dictionary<Guid, SiteTemplates> Templates,
        Dictionary<(Guid SiteId, string AddressKey), Contact> Contacts,
        ILookup<Guid, Guid> OnLists,
        Dictionary<Guid, (TemplateVersion Version, TemplateKind Kind)> Tried
    );
}
