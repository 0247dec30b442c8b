using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>What providers did not take of people.</summary>
internal sealed class ListRemarks(GatewayDb db) : ISubscriptionRemarks
{
    public Task<Dictionary<Guid, string>> OfContactAsync(Guid contactId, CancellationToken ct) =>
        db
            .ListSyncs.Where(sync => sync.ContactId == contactId && sync.Remark != null)
            .ToDictionaryAsync(sync => sync.ListId, sync => sync.Remark!, ct);
}
