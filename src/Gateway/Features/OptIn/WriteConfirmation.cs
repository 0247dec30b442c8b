using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.OptIn;

/// <summary>What a confirmation mail is made of, where it was just written (<see cref="Message.AtHand"/>).</summary>
/// <param name="Lists">Those it asks for; the first says who sends it and by which template.</param>
internal sealed record ConfirmationAtHand(Contact Contact, IReadOnlyList<ContactList> Lists, MessageSecrets Secrets);

/// <summary>Makes the mail of a request, with its link and its code. From then on the request is pending, and its time runs.</summary>
internal sealed class WriteConfirmation(LinkTokens links, SecretEncryption secrets, TimeProvider clock)
{
    /// <param name="lists">The request's, then those of the requests that follow it.</param>
    /// <param name="again">Whether the request had a mail before.</param>
    public (LinkToken Token, Message Message) Write(
        OptInRequest request,
        Contact contact,
        IReadOnlyList<ContactList> lists,
        bool again = false
    )
    {
        var now = clock.GetUtcNow();
        var ends = (now + LinkTokens.ConfirmLifetime).UtcDateTime;
        var code = LinkTokens.NewCode();
        request.State = OptInState.Pending;
        request.CodeHmac = links.CodeHmac(request.Id, code);
        request.AskedAt = now.UtcDateTime;
        (request.HeldFor, request.Visitor) = (null, null);
        (request.ExpiresAt, request.DueAt) = (ends, ends);

        var (token, row) = LinkTokens.New(LinkPurpose.Confirm, request.SubscriptionId, request.Id, ends);
        var opened = new MessageSecrets(Confirm: token, Code: code);
        var message = Message.To(
            contact,
            lists[0],
            BuiltInMails.Confirmation,
            request.Language,
            again ? $"optin:{request.Id:N}:{now.UtcTicks}" : $"optin:{request.Id:N}",
            opened.Protect(secrets),
            now,
            request.Id
        );
        message.AtHand = new ConfirmationAtHand(contact, lists, opened);
        return (row, message);
    }
}
