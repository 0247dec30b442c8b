using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.ContactsApi;
using Gateway.Features.OptIn.Pages;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn;

/// <summary>What a site keeps of a person, as they see it themselves.</summary>
/// <param name="Lists">Where they are confirmed, in their language.</param>
/// <param name="Consents">Null when the ledger has no entry about them.</param>
/// <param name="Kept">What else is kept, by kind, such as <c>submissions</c>.</param>
/// <param name="Recipients">Who else was given it.</param>
/// <param name="Purposes">What it is kept for, in the person's language.</param>
/// <param name="HasNumber">Whether the person told of a phone number. Nobody has checked that it is theirs, so messages to it are not
/// shown to whoever typed it.</param>
internal sealed record OwnDataModel(
    Site Site,
    ContactList List,
    ContactDetails Contact,
    IReadOnlyList<ShownList> Lists,
    ConsentCertificate? Consents,
    IReadOnlyDictionary<string, IReadOnlyList<KeptRecord>> Kept,
    IReadOnlyList<string> Recipients,
    IReadOnlyList<string> Purposes,
    bool HasNumber
);

/// <summary>
/// A person sees, corrects, takes along and deletes what a site keeps of them (GDPR 15–17, 20). Links of newsletters are passed on to
/// others, so those only ask for a link of a day, which goes to the person's own mailbox.
/// </summary>
internal sealed class OwnData(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    ContactStore contacts,
    ContactReader reader,
    SubscriptionStore subscriptions,
    ReadConsents consents,
    PurposeStore purposes,
    DataSubjects people,
    IEnumerable<IPersonalData> kept,
    EraseContact erase,
    SystemMail mail,
    ListSyncQueue syncs,
    Signal<SyncLists> sync,
    IOptions<GatewayOptions> options,
    TimeProvider clock
)
{
    public const int MaxName = 200;
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Links that are under way to a person; more are not sent, however often somebody asks.</summary>
    private const int MaxOpen = 3;

    /// <summary>Sends a link of a day to the person of a preference link.</summary>
    /// <returns>False when the link is unknown or too old.</returns>
    public Task<bool> AskAsync(string token, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await SubscriptionOfAsync(token, LinkPurpose.Preferences, ct) is not { } mine)
                {
                    return false;
                }

                var now = clock.GetUtcNow().UtcDateTime;
                var all = (await subscriptions.OfContactAsync(mine.ContactId, ct)).ConvertAll(one => one.Subscription.Id);
                var open = await db.LinkTokens.CountAsync(
                    link => all.Contains(link.SubscriptionId) && link.Purpose == LinkPurpose.OwnData && link.ExpiresAt > now,
                    ct
                );
                if (open < MaxOpen)
                {
                    await SendAsync(mine, now, ct);
                }

                return true;
            },
            ct
        );

    /// <returns>Null when the link is unknown or too old, or the person is erased.</returns>
    public async Task<OwnDataModel?> LookAsync(string token, CancellationToken ct) =>
        await SubscriptionOfAsync(token, LinkPurpose.OwnData, ct) is { } mine
        && await reader.FindAsync(mine.SiteId, mine.ContactId, ct) is { } contact
        && await lists.FindAsync(mine.ListId, ct) is { } list
            ? await ReadAsync(await sites.GetAsync(mine.SiteId, ct), list, contact, mine.ContactId, ct)
            : null;

    private async Task<OwnDataModel> ReadAsync(Site site, ContactList list, ContactDetails contact, Guid contactId, CancellationToken ct)
    {
        var person = await people.KnowAsync(await people.OfAsync(await contacts.GetAsync(contactId, ct), ct), ct);
        var records = new SortedDictionary<string, IReadOnlyList<KeptRecord>>(StringComparer.Ordinal);
        var recipients = new List<string>();
        foreach (var data in kept)
        {
            var read = await data.ReadAsync(person, ct);
            recipients.AddRange(read.Recipients);
            if (read.Records.Count > 0)
            {
                records[data.Kind] = read.Records;
            }
        }

        var all = await subscriptions.OfContactAsync(contactId, ct);
        var joined = all.ConvertAll(one => one.List);
        var words = await purposes.WordsAsync(site.Id, joined, Languages.Find(contact.Language) ?? "en", site.Language, ct);
        return new(
            site,
            list,
            contact,
            [.. all.Where(one => one.Subscription.State == SubscriptionState.Confirmed).Select(one => one.List.In(contact.Language))],
            await consents.FindAsync(site.Id, contactId, ct),
            records,
            [.. recipients.Distinct().Order(StringComparer.OrdinalIgnoreCase)],
            [.. joined.Select(one => words.GetValueOrDefault(one.Id) ?? one.Purpose).Distinct()],
            person.Numbers.Count > 0
        );
    }

    /// <summary>Gives the person the name they say, or none, and their language; providers hear of it.</summary>
    public Task ChangeAsync(string token, string? name, string language, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (
                    await SubscriptionOfAsync(token, LinkPurpose.OwnData, ct) is not { } mine
                    || await contacts.LockAsync(mine.SiteId, mine.ContactId, ct) is not { } contact
                    || (contact.Name, contact.Language) == (name, language)
                )
                {
                    return;
                }

                (contact.Name, contact.Language) = (name, language);
                await db.SaveChangesAsync(ct);
                await syncs.EnqueueAgainAsync(mine.ContactId, ct);
                db.OnCommitted(sync.Wake);
            },
            ct
        );

    /// <summary>Erases the person, here and at the providers.</summary>
    /// <returns>What there was; null when the link is unknown or too old.</returns>
    public async Task<OwnDataModel?> EraseAsync(string token, CancellationToken ct)
    {
        if (await SubscriptionOfAsync(token, LinkPurpose.OwnData, ct) is not { } mine || await LookAsync(token, ct) is not { } model)
        {
            return null;
        }

        await erase.EraseAsync(mine.SiteId, mine.ContactId, "person", ct);
        return model;
    }

    private async Task SendAsync(Subscription mine, DateTime now, CancellationToken ct)
    {
        var contact = await contacts.GetAsync(mine.ContactId, ct);
        if (EmailAddress.Parse(contact.Address) is not { } to)
        {
            return;
        }

        var (token, row) = LinkTokens.New(LinkPurpose.OwnData, mine.Id, requestId: null, now + Lifetime);
        await db.InsertNewAsync([row], ct);
        var texts = new PageTexts(Languages.Find(contact.Language) ?? "en");
        var site = (await sites.GetAsync(mine.SiteId, ct)).Name;
        var link = $"{options.Value.PublicBase}/d/{token}";
        await mail.QueueAsync(
            mine.SiteId,
            to,
            "own-data",
            texts["Own_MailSubject"].Replace("{0}", site, StringComparison.Ordinal),
            texts["Own_MailBody"].Replace("{1}", link, StringComparison.Ordinal).Replace("{0}", site, StringComparison.Ordinal),
            ct,
            texts.Language,
            contact.Id
        );
    }

    /// <returns>Null when the link is unknown, too old or for something else.</returns>
    private async Task<Subscription?> SubscriptionOfAsync(string token, LinkPurpose purpose, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var link = await db
            .LinkTokens.AsNoTracking()
            .SingleOrDefaultAsync(one => one.Hash == hash && one.Purpose == purpose && one.ExpiresAt > now, ct);
        return link is null ? null : await subscriptions.FindAsync(link.SubscriptionId, ct);
    }
}
