namespace Gateway.Infrastructure.Data;

/// <summary>A person as features know them.</summary>
/// <param name="AddressKey">The address in the one form in which addresses are compared.</param>
/// <param name="Subscriptions">The ids of their subscriptions.</param>
/// <param name="Submissions">The submissions that the person is known to have sent.</param>
internal sealed record DataSubject(
    Guid SiteId,
    Guid ContactId,
    string AddressKey,
    IReadOnlyList<Guid> Subscriptions,
    IReadOnlyList<Guid> Submissions
);

/// <summary>
/// What one feature keeps about people. Every feature that keeps something registers one, so that an erasure reaches all of it without
/// knowing the tables.
/// </summary>
internal interface IPersonalData
{
    /// <summary>Deletes or empties everything about the person (GDPR article 17), in the caller's transaction.</summary>
    Task EraseAsync(DataSubject person, CancellationToken ct);

    /// <summary>Empties what is kept of one sign-up that nobody confirmed in time, in the caller's transaction.</summary>
    Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct);
}

/// <param name="RequestId">The request for a confirmation.</param>
/// <param name="SubmissionId">The submission it came from; null when it came by the API.</param>
internal sealed record UnconfirmedSignUp(Guid RequestId, Guid? SubmissionId);
