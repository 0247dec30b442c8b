using System.Security.Cryptography;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn;

/// <summary>
/// Reads what confirmation mails, welcome mails and those that ask to stay are made of, one query for each table, and says which may not
/// be sent, and why.
/// </summary>
internal sealed class OptInMailSource(
    SiteStore siteStore,
    ListStore listStore,
    ContactStore contactStore,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    RenewRequests requests,
    PublishedTemplates templates,
    SecretEncryption secrets,
    IOptions<MailOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock
) : IMailSource
{
    private static readonly SkipReason NotNeeded = new(
        "It is not needed any more: the person answered in the meantime, or a newer mail asks the same.",
        IsMoot: true
    );
    private static readonly SkipReason Gone = new("It is not needed any more: the contact, the list or the site is gone.", IsMoot: true);
    private static readonly SkipReason Left = new("It is not needed any more: the person is not on the list.", IsMoot: true);
    private static readonly SkipReason Unreadable = new("Its links cannot be decrypted with this master key.");

    public bool Has(Message message) => message.Address is null;

    public async Task<List<PreparedMail>> ReadAsync(List<Message> messages, CancellationToken ct)
    {
        var sources = await SourcesAsync(messages, ct);
        var prepared = messages.ConvertAll(message => new PreparedMail(message, MailOf(message, sources, out var skip), skip));
        await requests.RenewAsync(
            [
                .. prepared
                    .Where(one => one is { OutgoingMail: not null, Message: { RequestId: not null, AtHand: null } })
                    .SelectMany(one => sources.Open[one.Message.RequestId!.Value]),
            ],
            ct
        );
        return prepared;
    }

    public async Task<SkipReason?> FindMootAsync(Message message, CancellationToken ct) =>
        message.RequestId is { } request
            ? (await requests.OpenAsync([request], ct)).Count > 0
                ? null
                : NotNeeded
            : message is not { ContactId: { } contact, ListId: { } list }
                ? Gone
                : (await subscriptions.ConfirmedListsAsync([contact], ct))[contact].Contains(list)
                    ? null
                    : Left;

    private OutgoingMail? MailOf(Message message, Sources sources, out SkipReason? skip)
    {
        OutgoingMail? mail = null;
        if (message.AtHand is ConfirmationAtHand now && sources.Sites.TryGetValue(message.SiteId, out var its))
        {
            skip = Write(message, now.Contact, now.Lists[0], now.Lists, its, now.Secrets, sources, out mail);
            return mail;
        }

        skip =
            !sources.Contacts.TryGetValue(message.ContactId ?? Guid.Empty, out var contact) ? Gone
            : !sources.Lists.TryGetValue(message.ListId ?? Guid.Empty, out var list) ? Gone
            : !sources.Sites.TryGetValue(message.SiteId, out var site) ? Gone
            : message.RequestId is { } request && !sources.Open.Contains(request) ? NotNeeded
            : message.RequestId is null && !sources.OnLists[contact.Id].Contains(list.Id) ? Left
            : SuppressionOf(message, contact, sources)
                ?? Write(message, contact, list, sources.AskedBy(message, list), site, Open(message), sources, out mail);
        return mail;
    }

    /// <summary>A confirmation mail also goes to somebody who left: only a fresh confirmation lifts an unsubscribe.</summary>
    private static SkipReason? SuppressionOf(Message message, Contact contact, Sources sources) =>
        !sources.Suppressed.TryGetValue((message.SiteId, contact.AddressKey), out var reason)
            ? null
            : reason switch
            {
                SuppressionReason.Bounced => SkipReason.Bounced,
                SuppressionReason.Complained => SkipReason.Complained,
                _ => message.RequestId is null ? Left : null,
            };

    private SkipReason? Write(
        Message message,
        Contact contact,
        ContactList list,
        IReadOnlyList<ContactList> asked,
        Site site,
        MessageSecrets? opened,
        Sources sources,
        out OutgoingMail? mail
    )
    {
        mail = null;
        var from = MailSenders.First(list.FromEmail, site.FromEmail, options.Value.From);
        if (from is null)
        {
            return SkipReason.NoSender;
        }

        if (EmailAddress.Parse(from) is null)
        {
            return SkipReason.WithoutSetting(
                "no_sender",
                $"The sender of {(from == list.FromEmail ? "the list" : "the site")} is not an address."
            );
        }

        if (!BuiltInMails.Knows(message.Template))
        {
            return new($"There is no template \"{message.Template}\".");
        }

        if (opened is null)
        {
            return Unreadable;
        }

        var (template, language) = TemplateOf(message, list, site, sources.Templates[site.Id]);
        var shown = asked.Select(one => one.In(message.Language)).ToList();
        if (message.RequestId is not null && template.IsBuiltIn)
        {
            var (alike, marked) = sources.AlikeOf(
                (list.Id, string.Join(' ', asked.Skip(1).Select(one => one.Id)), language),
                () => MailModel.OfConfirmation(site, shown, language, MailsAlike.Marks.Links(gateway.Value.PublicBase))
            );
            mail = new(message, contact.Address, from, list, site, opened, template, marked, alike);
            return null;
        }

        var links = opened.Links(gateway.Value.PublicBase);
        var model = message.RequestId is not null
            ? MailModel.OfConfirmation(site, shown, language, links)
            : MailModel.OfWelcome(
                site,
                list.In(message.Language),
                contact,
                language,
                links,
                MessageVariables.Open(message.Variables, secrets),
                ReaderOf(contact, site, sources)
            );
        mail = new(message, contact.Address, from, list, site, opened, template, model);
        return null;
    }

    private RecipientFacts ReaderOf(Contact contact, Site site, Sources sources) =>
        new(
            sources.Templates[site.Id].Segments,
            clock.GetUtcNow().UtcDateTime,
            contact.CreatedAt,
            sources.OnLists[contact.Id].ToHashSet()
        );

    /// <summary>The list's own, the site's, or the built-in one.</summary>
    private static (CompiledTemplate Template, string Language) TemplateOf(
        Message message,
        ContactList list,
        Site site,
        SiteTemplates templates
    )
    {
        var published = message.Template switch
        {
            BuiltInMails.Confirmation => templates.For(list.ConfirmationTemplateId, TemplateKind.Confirmation),
            BuiltInMails.Repermission => templates.For(named: null, TemplateKind.Repermission),
            _ => templates.For(list.WelcomeTemplateId, TemplateKind.Welcome),
        };
        return published?.In(message.Language, site.Language)
            ?? (BuiltInMails.Compiled(message.Template, message.Language), message.Language);
    }

    private MessageSecrets? Open(Message message)
    {
        try
        {
            return message.Secrets is null ? null : MessageSecrets.Open(message.Secrets, secrets);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task<Sources> SourcesAsync(List<Message> messages, CancellationToken ct)
    {
        var siteIds = messages.Select(message => message.SiteId).Distinct().ToList();
        var (sites, published) = await SitesAsync(siteIds, ct);
        messages = messages.FindAll(message => message.AtHand is null);
        if (messages.Count == 0)
        {
            return new(
                [],
                [],
                sites,
                published,
                Array.Empty<OpenRequest>().ToLookup(one => one.MailOf),
                Array.Empty<Guid>().ToLookup(one => one),
                []
            );
        }

        var contactIds = messages.Select(message => message.ContactId).OfType<Guid>().Distinct().ToList();
        var listIds = messages.Select(message => message.ListId).OfType<Guid>().Distinct().ToList();
        var requestIds = messages.Select(message => message.RequestId).OfType<Guid>().ToList();

        var contacts = await contactStore.GetManyAsync(contactIds, ct);
        var open = await requests.OpenAsync(requestIds, ct);
        var lists = await listStore.GetManyAsync([.. listIds.Union(open.SelectMany(mail => mail).Select(one => one.ListId))], ct);
        var onLists = await subscriptions.ConfirmedListsAsync(requestIds.Count == messages.Count ? [] : contactIds, ct);
        var suppressed = await suppressions.FindAsync(
            SuppressionChannel.Email,
            [.. contacts.Values.Select(contact => (contact.SiteId, contact.AddressKey))],
            ct
        );
        return new(contacts, lists, sites, published, open, onLists, suppressed);
    }

    private async Task<(Dictionary<Guid, Site> Sites, Dictionary<Guid, SiteTemplates> Templates)> SitesAsync(
        List<Guid> siteIds,
        CancellationToken ct
    )
    {
        var published = new Dictionary<Guid, SiteTemplates>();
        foreach (var siteId in siteIds)
        {
            published[siteId] = await templates.OfAsync(siteId, ct);
        }

        return (await siteStore.GetManyAsync(siteIds, ct), published);
    }

    private sealed record Sources(
        Dictionary<Guid, Contact> Contacts,
        Dictionary<Guid, ContactList> Lists,
        Dictionary<Guid, Site> Sites,
        Dictionary<Guid, SiteTemplates> Templates,
        ILookup<Guid, OpenRequest> Open,
        ILookup<Guid, Guid> OnLists,
        Dictionary<(Guid SiteId, string AddressKey), SuppressionReason> Suppressed
    )
    {
        private readonly Dictionary<(Guid ListId, string Others, string Language), (MailsAlike, TemplateModel)> _alike = [];

        /// <returns>What a stored confirmation mail asks for; its own list where it is none.</returns>
        public IReadOnlyList<ContactList> AskedBy(Message message, ContactList list) =>
            message.RequestId is { } request
                ? [.. Open[request].Where(one => Lists.ContainsKey(one.ListId)).Select(one => Lists[one.ListId])]
                : [list];

        /// <param name="of">The first list, the ids of the others, and the language.</param>
        /// <returns>The confirmations that ask for the same, with the model they share.</returns>
        public (MailsAlike Alike, TemplateModel Model) AlikeOf((Guid, string, string) of, Func<TemplateModel> model) =>
            _alike.TryGetValue(of, out var known) ? known : _alike[of] = (new(), model());
    }
}
