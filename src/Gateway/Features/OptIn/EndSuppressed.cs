using Gateway.Features.Contacts;
using Gateway.Features.Mail.MailEvents;

namespace Gateway.Features.OptIn;

/// <summary>Ends the subscriptions of people whose mails came back, who complained, or who asked their mail provider for no more.</summary>
internal sealed class EndSuppressed(EndSubscription end, UnsubscribeFromLists lists) : ISuppressionListener
{
    public Task SuppressedAsync(Contact contact, SuppressionCause cause, CancellationToken ct) =>
        cause switch
        {
            { Reason: SuppressionReason.Bounced } => end.BouncedAsync(contact, cause.Detail, ct, cause.IsTold),
            { Reason: SuppressionReason.Complained } => end.ComplainedAsync(contact, cause.Detail, ct, cause.IsTold),
            { ListId: { } list } => end.UnsubscribeAsync(contact.Id, [list], cause.Source, ct, cause.IsTold),
            _ => lists.UnsubscribeFromAllAsync(contact.SiteId, contact.Id, cause.Source, cause.Source, ct),
        };

    public Task RemovedAsync(Contact contact, Guid listId, string source, CancellationToken ct) =>
        end.RemoveAsync(contact.Id, listId, ct, source);
}
