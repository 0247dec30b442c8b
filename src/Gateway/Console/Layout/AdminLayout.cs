using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>What every admin page shows beside its own words. Public, like the components, because Razor makes them so.</summary>
/// <param name="Name">Who is signed in.</param>
/// <param name="Sites">Those they may see.</param>
/// <param name="Site">The one the page is about; null where it is about none.</param>
/// <param name="Notice">What the request before did, in a sentence.</param>
/// <param name="ToDos">What is to be put right at the sites they may see, the most urgent first; on a site's page, at that site.</param>
public sealed record AdminLayout(
    string Name,
    string Role,
    bool IsOperator,
    IReadOnlyList<AdminSiteLink> Sites,
    AdminSiteLink? Site,
    string? Notice,
    IReadOnlyList<ToDo> ToDos
)
{
    /// <summary>What they may do at the page's site; where it is about none, at all of theirs together.</summary>
    public SiteRights Rights { get; init; }

    /// <summary>Whether one of these is theirs.</summary>
    public bool May(SiteRights anyOf) => (Rights & anyOf) != 0;

    /// <summary>The page's own path.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where all that is to be put right stands.</summary>
    public string ToDoUrl => $"{(Site is { Sees: true } site ? site.Url : "/admin")}#to-do";
}

/// <param name="Id">Its public id.</param>
public sealed record AdminSiteLink(string Id, string Name)
{
    public string Url => $"/admin/sites/{Id}";

    /// <summary>Whether whoever asks may see its pages; else they look after the privacy of its people.</summary>
    public bool Sees { get; init; } = true;

    /// <summary>Where they begin.</summary>
    public string Home => Sees ? Url : Url + "/contacts";

    internal static AdminSiteLink Of(Site site) => new(PublicId.Format(PublicId.Site, site.Id), site.Name);
}

/// <summary>A step of the way to a page.</summary>
public sealed record AdminCrumb(string Title, string Url);

/// <summary>
/// What a page may say after a change. The address carries only the key, so that nobody can put words into our pages by a link.
/// </summary>
internal static class AdminNotices
{
    public const string Replayed = "replayed";
    public const string TemplateAdded = "template-added";
    public const string TemplateImported = "template-imported";
    public const string TemplateDeleted = "template-deleted";
    public const string TemplateRenamed = "template-renamed";
    public const string LanguageAdded = "language-added";
    public const string DraftDiscarded = "draft-discarded";
    public const string Published = "published";
    public const string Restored = "restored";
    public const string SegmentSaved = "segment-saved";
    public const string SegmentDeleted = "segment-deleted";
    public const string BrakeReleased = "brake-released";
    public const string DomainChecked = "domain-checked";
    public const string DomainNotChecked = "domain-not-checked";
    public const string DomainTested = "domain-tested";
    public const string HygieneAsked = "hygiene-asked";
    public const string HygieneRemoved = "hygiene-removed";
    public const string ContactUnsubscribed = "contact-unsubscribed";
    public const string ConfirmationResent = "confirmation-resent";
    public const string ConfirmationsResent = "confirmations-resent";
    public const string ContactLifted = "contact-lifted";
    public const string ContactErased = "contact-erased";
    public const string ConnectionAdded = "connection-added";
    public const string ConnectionChanged = "connection-changed";
    public const string ConnectionWorks = "connection-works";
    public const string ConnectionDeleted = "connection-deleted";
    public const string ListAdded = "list-added";
    public const string ListMoved = "list-moved";
    public const string ListMade = "list-made";
    public const string ListChanged = "list-changed";
    public const string ListDeleted = "list-deleted";
    public const string ListArchived = "list-archived";
    public const string ListRestored = "list-restored";
    public const string Invited = "invited";
    public const string PersonRemoved = "person-removed";
    public const string SessionEnded = "session-ended";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRemoved = "passkey-removed";
    public const string PasskeysRemoved = "passkeys-removed";
    public const string KeyRevoked = "key-revoked";
    public const string HookDeleted = "hook-deleted";
    public const string HookChanged = "hook-changed";
    public const string HookRetried = "hook-retried";
    public const string HookTested = "hook-tested";
    public const string DeliveryReplayed = "delivery-replayed";
    public const string SiteChanged = "site-changed";
    public const string Suppressed = "suppressed";
    public const string SuppressionLifted = "suppression-lifted";
    public const string ImportDeleted = "import-deleted";
    public const string AddressWorks = "address-works";
    public const string TestMailSent = "test-mail-sent";
    public const string SiteAdded = "site-added";
    public const string FirstListAdded = "first-list-added";
    public const string ReplayedAll = "replayed-all";
    public const string FailuresRestored = "failures-restored";
    public const string MessageCancelled = "message-cancelled";
    public const string SmsCancelled = "sms-cancelled";
    public const string SmsResolved = "sms-resolved";
    public const string SmsSentAgain = "sms-sent-again";

    private static readonly Dictionary<string, string> Sentences = new()
    {
        [Replayed] = "It will be tried again within a minute.",
        [TemplateAdded] = "The template is there, as a draft: a copy of the built-in one. Nothing is sent with it yet.",
        [TemplateImported] = "The template is there, as a draft. Nothing is sent with it yet.",
        [TemplateDeleted] = "The template is deleted, with its history and samples.",
        [TemplateRenamed] = "The template has its new name.",
        [LanguageAdded] = "The language is there, as a draft. Nothing is sent in it yet.",
        [DraftDiscarded] = "The draft is gone.",
        [Published] = "It is published: from now on these words are sent.",
        [Restored] = "The old version is the draft now. It is sent once you publish it.",
        [SegmentSaved] = "The segment is saved. Messages that leave from now on go by it.",
        [BrakeReleased] = "Bulk emails go out again within a minute.",
        [HygieneAsked] = "They are asked from now on, some at a time. Whoever has answered leaves these numbers.",
        [HygieneRemoved] = "They are taken off within minutes, here and at the list's provider.",
        [ContactUnsubscribed] = "They are unsubscribed, here and at the list's provider within minutes.",
        [ConfirmationResent] = "The confirmation email is on its way, with a fresh link.",
        [ConfirmationsResent] = "They are asked again from now on, some at a time, as far as there is room for confirmation emails.",
        [ContactLifted] = "They may be asked again. They are on no list by this; what failed can be replayed.",
        [ContactErased] = "The person is erased.",
        [ConnectionAdded] = "The account is connected.",
        [ConnectionChanged] = "The connection is saved. What waited for it goes out by itself.",
        [ConnectionWorks] = "It works.",
        [ConnectionDeleted] = "The connection is deleted.",
        [ListAdded] = "The list can be chosen in forms now. Whoever confirms is added to it there too.",
        [ListMoved] = "The list is kept in step with that one now. Everybody on it is added there within minutes.",
        [ListMade] = "The list can be chosen in forms now.",
        [ListChanged] = "The list is saved.",
        [ListDeleted] = "The list is deleted.",
        [ListArchived] = "The list is archived: it takes nobody any more.",
        [ListRestored] = "The list is back: people can join it again.",
        [Invited] = "The invitation is on its way. Whoever is invited signs in by the link in it.",
        [PersonRemoved] = "They are signed out and cannot sign in. Keys that they made still work: see the Keys of their sites.",
        [SessionEnded] = "Signed out.",
        [PasskeyAdded] = "The passkey is added. It signs you in from now on.",
        [PasskeyRemoved] = "The passkey is removed. Delete it on your device too.",
        [PasskeysRemoved] = "Their passkeys are removed. They sign in by a link.",
        [KeyRevoked] = "The key works no more. Tokens that were made with it end within the hour.",
        [HookDeleted] = "The hook is deleted. What waited for it is dropped.",
        [HookChanged] = "Events go to the new address from now on. What waited for the hook is sent there within a minute.",
        [HookRetried] = "What waits is sent again within a minute.",
        [HookTested] = "A test event is on its way. Its answer is shown below within a minute.",
        [DeliveryReplayed] = "It is sent again within a minute.",
        [SiteChanged] = "The settings are saved. They count within seconds.",
        [Suppressed] = "Nothing goes to this address any more.",
        [SuppressionLifted] = "The address may be written to again. It is on no list by this.",
        [ImportDeleted] = "The file is deleted. Nothing was done with it.",
        [AddressWorks] = "The public address leads here.",
        [TestMailSent] = "The test email was handed over.",
        [SiteAdded] = "The site is added.",
        [FirstListAdded] = "The list is added. Whoever confirms is on it.",
        [ReplayedAll] = "They are tried again within minutes.",
        [FailuresRestored] = "They wait for a decision again.",
        [MessageCancelled] = "The email is not sent.",
        [SmsCancelled] = "The SMS is not sent.",
        [SmsResolved] = "What you found out is kept.",
        [SmsSentAgain] = "The SMS is sent again within a minute.",
        [SegmentDeleted] = "The segment is deleted.",
        [DomainChecked] = "This is what is seen now.",
        [DomainTested] = "A test mail is on its way. What it shows stands here once it has come in.",
        [DomainNotChecked] = "The domain could not be looked at. Try again later, or ask your administrator.",
    };

    public static string? Of(string? key) => key is not null && Sentences.TryGetValue(key, out var sentence) ? T(sentence) : null;
}
