using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Mail;

/// <summary>A message with all that it is written from.</summary>
/// <param name="To">The one thing of the visitor's in it.</param>
/// <param name="From">A valid address.</param>
/// <param name="List">The list it is about; null for a transactional mail.</param>
/// <param name="Template">What it is made of.</param>
/// <param name="Model">What fills it; its language is that of the words, which may not be the one that was asked for.</param>
/// <param name="Alike">Others that differ in their tokens alone; the model then has marks in place of these. Null when it is like no
/// other.</param>
internal sealed record OutgoingMail(
    Message Message,
    string To,
    string From,
    ContactList? List,
    Site Site,
    MessageSecrets Secrets,
    CompiledTemplate Template,
    TemplateModel Model,
    MailsAlike? Alike = null
);

/// <summary>What stands in the way of a message, for good or for a while.</summary>
/// <param name="IsMoot">Nobody needs the mail any more, so its links need not be kept for a replay.</param>
/// <param name="Until">It only has to wait, until then.</param>
/// <param name="Error">A setting that every mail of the list or site lacks: they wait until an operator has made it.</param>
internal sealed record SkipReason(string Reason, bool IsMoot = false, DateTime? Until = null, ConnectionError? Error = null)
{
    public static readonly SkipReason Bounced = new("The address is suppressed: mail to it came back.");
    public static readonly SkipReason Complained = new("The address is suppressed: its owner complained about mail.");
    public static readonly SkipReason NoSender = WithoutSetting(
        "no_sender",
        "No sender is configured. Give the list or the site a From address, or set Mail__From."
    );

    public static SkipReason WithoutSetting(string code, string reason) => new(reason, Error: new(Concern.Account, code, reason));
}
