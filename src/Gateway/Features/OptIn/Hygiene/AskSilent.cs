using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Mail;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// Writes the mails that ask silent people whether they stay on a list: bulk mail, so whatever holds that up holds these up, and
/// confirmations go first. Nobody gets one twice within twelve months.
/// </summary>
internal sealed class AskSilent(
    GatewayDb db,
    RepermissionStore asked,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    SecretEncryption secrets,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    /// <summary>Inside the caller's transaction.</summary>
    /// <param name="people">As they were read before; who left or was erased since is not asked.</param>
    /// <returns>How many are asked: not who refused mail either, nor who was asked before.</returns>
    public async Task<int> AskAsync(ContactList list, IReadOnlyList<SilentPerson> people, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var until = (now + LinkTokens.UnsubscribeLifetime).UtcDateTime;
        List<Guid> subscriptionIds = [.. people.Select(one => one.SubscriptionId)];
        await subscriptions.LockAsync(subscriptionIds, ct);
        var known = await subscriptions.GetManyAsync(subscriptionIds, ct);
        var refused = await suppressions.FindForListsAsync(
            SuppressionChannel.Email,
            [.. people.Select(one => (list.SiteId, list.Id, one.AddressKey))],
            ct
        );
        var granted = await asked.AskAsync(
            people
                .Where(one =>
                    known.GetValueOrDefault(one.SubscriptionId)?.Subscription.State == SubscriptionState.Confirmed
                    && !refused.ContainsKey((list.SiteId, list.Id, one.AddressKey))
                )
                .Select(one => new Repermission
                {
                    ContactId = one.ContactId,
                    SiteId = list.SiteId,
                    ListId = list.Id,
                    SubscriptionId = one.SubscriptionId,
                    AskedOn = today,
                }),
            ct
        );

        // How long the link to stay works is reckoned from when the mail leaves (AnswerRepermission).
        var (tokens, messages) = (new List<LinkToken>(), new List<Message>());
        foreach (var one in people.Where(one => granted.Contains(one.ContactId)))
        {
            var (stay, stayRow) = LinkTokens.New(LinkPurpose.Stay, one.SubscriptionId, null, until);
            var (leave, leaveRow) = LinkTokens.New(LinkPurpose.Unsubscribe, one.SubscriptionId, null, until);
            tokens.AddRange([stayRow, leaveRow]);
            var contact = known[one.SubscriptionId].Contact;
            messages.Add(
                Message.To(
                    contact,
                    list,
                    BuiltInMails.Repermission,
                    contact.Language,
                    Repermission.MessageKey(one.SubscriptionId, today),
                    new MessageSecrets(Unsubscribe: leave, Stay: stay).Protect(secrets),
                    now
                )
            );
        }

        await db.InsertNewAsync(tokens, ct);
        await db.InsertNewAsync(messages, ct);
        db.OnCommitted(mail.Wake);
        return messages.Count;
    }
}
