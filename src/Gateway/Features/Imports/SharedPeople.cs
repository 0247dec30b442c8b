using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>Whom an import added and somebody else vouches for as well is not taken back with it.</summary>
internal sealed class SharedPeople(GatewayDb db) : IProofListener
{
    public Task ProvenAgainAsync(Guid subscriptionId, string? import, CancellationToken ct)
    {
        var importId = PublicId.Parse(PublicId.Import, import) ?? Guid.Empty;
        return db
            .ImportedSubscriptions.Where(row => row.SubscriptionId == subscriptionId && row.ImportId != importId)
            .ExecuteDeleteAsync(ct);
    }
}
