using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.Story;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Messages;

/// <summary>One email with what led to it and what came of it.</summary>
internal sealed class ReadMessageStory(
    MessageStore messages,
    ContactStore contacts,
    ListStore lists,
    SignUps signUps,
    TemplateStore templates,
    ConnectionStore connections,
    TimeProvider clock
)
{
    /// <returns>Null when the site has no such email.</returns>
    public async Task<MessageModel?> FindAsync(AdminPageContext context, string id, CancellationToken ct)
    {
        if (
            PublicId.Parse(PublicId.Message, id) is not { } messageId
            || await messages.FindAsync(context.SiteId, messageId, ct) is not { IsInEarnest: true } mail
        )
        {
            return null;
        }

        var contact = await contacts.FindAsync(context.SiteId, mail.ContactId, ct);
        var hasFailed = mail.State == MessageState.Failed || mail is { State: MessageState.Unknown, DueAt: null };
        var row = MessageRow.Of(mail, contact?.Address, $"{context.SiteUrl}/messages", clock.GetUtcNow().UtcDateTime);
        return new(
            row,
            [.. await FactsAsync(context, mail, contact, ct)],
            StoryStep.InOrder(MailSteps.Of(mail, await messages.EventsOfAsync([mail.Id], ct), messages: null)),
            hasFailed ? $"{context.SiteUrl}/failed/{id}" : null,
            mail.State == MessageState.Unknown,
            WithdrawMessage.IsPossible(mail)
        );
    }

    private async Task<List<MessageFact>> FactsAsync(AdminPageContext context, Message mail, Contact? contact, CancellationToken ct)
    {
        var facts = new List<MessageFact>();
        if ((mail.Address ?? contact?.Address) is { } to)
        {
            facts.Add(
                new(T("To"), to, contact is null ? null : $"{context.SiteUrl}/contacts/{PublicId.Format(PublicId.Contact, contact.Id)}")
            );
        }

        var template = (await templates.OfSiteAsync(context.SiteId, ct)).Find(one =>
            one.Key == mail.Template && one.Kind != TemplateKind.Sms
        );
        facts.Add(
            new(
                T("Template"),
                template?.Name ?? mail.Template,
                template is null ? null : $"{context.SiteUrl}/templates/{PublicId.Format(PublicId.Template, template.Id)}"
            )
        );
        facts.Add(new(T("Language"), mail.Language));
        if (await lists.FindAsync(mail.ListId, ct) is { } list)
        {
            facts.Add(new(T("List"), list.Name));
        }

        if (mail.RequestId is { } request && await signUps.FindAsync(context.SiteId, request, ct) is { SubmissionId: { } submission })
        {
            var url = $"{context.SiteUrl}/submissions/{PublicId.Format(PublicId.Submission, submission)}";
            facts.Add(new(T("Because of"), T("A sign-up by a form"), url));
        }

        facts.AddRange(await WaysAsync(context, mail, ct));
        return facts;
    }

    private async Task<List<MessageFact>> WaysAsync(AdminPageContext context, Message mail, CancellationToken ct)
    {
        var facts = new List<MessageFact>();
        if (mail.Sender is { } sender)
        {
            facts.Add(new(T("From"), sender));
        }

        if (mail.SendAt is { } at)
        {
            facts.Add(new(T("To be sent"), at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)));
        }

        facts.Add(new(T("Tries"), mail.Attempts.ToString(CultureInfo.InvariantCulture)));
        if (mail.Way is { } way)
        {
            // Of the site's own connections the way names the id; the installation's has none.
            var connection = await connections.FindAsync(Connection.IdIn(way), ct);
            facts.Add(
                new(
                    T("Way"),
                    connection?.Name ?? T("the gateway's own mail server"),
                    connection is null ? null : $"{context.SiteUrl}/connections/{PublicId.Format(PublicId.Connection, connection.Id)}"
                )
            );
        }

        if (mail.CountedAs?.Split(' ', 2) is [var domain, var provider])
        {
            facts.Add(new(T("Counted as"), T($"from {domain} to mailboxes at {provider}")));
        }

        if (mail.Answer is { } answer)
        {
            facts.Add(new(T("Server's answer"), answer));
        }

        if (mail.Reference is { } reference)
        {
            facts.Add(new(T("Reference"), reference));
        }

        facts.Add(new(T("Id"), PublicId.Format(PublicId.Message, mail.Id)));
        return facts;
    }
}
