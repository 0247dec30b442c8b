namespace Gateway.Features.OptIn;

/// <summary>Who keeps for which people on a list they alone answer, and hears that somebody else proved the consent of one too.</summary>
internal interface IProofListener
{
    /// <summary>Inside the transaction of the proof, which holds the subscription.</summary>
    /// <param name="subscriptionId">Of a person who was on the list before.</param>
    /// <param name="import">The import that brought the proof along, imp_…; null where it came by itself.</param>
    Task ProvenAgainAsync(Guid subscriptionId, string? import, CancellationToken ct);
}
