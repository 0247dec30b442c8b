using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Requests for a confirmation, and the links that people were given.</summary>
internal sealed class OptInPersonalData(GatewayDb db) : IPersonalData
{
    public string Kind => "requests";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        await db.LinkTokens.Where(token => person.Subscriptions.Contains(token.SubscriptionId)).ExecuteDeleteAsync(ct);
        return await db.OptInRequests.Where(request => request.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
    }

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) =>
        db.LinkTokens.Where(token => token.RequestId == signUp.RequestId).ExecuteDeleteAsync(ct);
}
