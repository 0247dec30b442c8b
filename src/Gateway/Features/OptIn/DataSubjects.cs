using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>All by which features know a person, so that what is kept of them is found: to be erased, or to be shown.</summary>
internal sealed class DataSubjects(GatewayDb db, SubscriptionStore subscriptions, IEnumerable<IPersonalData> kept)
{
    /// <summary>Asks every feature. Who comes last knows most: a submission leads to a number, and a number to messages.</summary>
    public async Task<DataSubject> KnowAsync(DataSubject person, CancellationToken ct)
    {
        foreach (var data in kept.Reverse())
        {
            person = await data.KnowAsync(person, ct);
        }

        return person;
    }

    /// <returns>What is known before the features are asked.</returns>
    public async Task<DataSubject> OfAsync(Contact contact, CancellationToken ct)
    {
        var requests = await db
            .OptInRequests.Where(request => request.ContactId == contact.Id)
            .Select(request => new { request.SubmissionId, request.Evidence })
            .ToListAsync(ct);
        var joined = await subscriptions.OfContactAsync(contact.Id, ct);
        return new(
            contact.SiteId,
            contact.Id,
            contact.AddressKey,
            [.. joined.Select(one => one.Subscription.Id)],
            [.. requests.Select(request => request.SubmissionId).OfType<Guid>().Distinct()],
            [
                .. contact.Name is { } name ? [name] : Array.Empty<string>(),
                .. contact.KnownProperties().Values,
                .. requests
                    .Where(request => request.Evidence is not null)
                    .SelectMany(request => OptInEvidence.FromJson(request.Evidence!).Properties.Values)
                    .OfType<string>(),
            ],
            []
        );
    }
}
