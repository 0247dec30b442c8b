namespace Gateway.Infrastructure.Data;

/// <summary>A person as features know them.</summary>
/// <param name="ContactId">An id that no row has, where the site has submissions of them and no contact.</param>
/// <param name="AddressKey">The address in the one form in which addresses are compared.</param>
/// <param name="Subscriptions">The ids of their subscriptions.</param>
/// <param name="Submissions">The submissions that the person is known to have sent.</param>
/// <param name="Texts">What they told of themselves, such as the values of their properties: a phone number may be among it.</param>
/// <param name="Numbers">Their phone numbers, E.164.</param>
internal sealed record DataSubject(
    Guid SiteId,
    Guid ContactId,
    string AddressKey,
    IReadOnlyList<Guid> Subscriptions,
    IReadOnlyList<Guid> Submissions,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string> Numbers
);

/// <summary>
/// What one feature keeps about people. Every feature that keeps something registers one, so that an erasure reaches all of it without
/// knowing the tables.
/// </summary>
internal interface IPersonalData
{
    /// <summary>What it keeps, as an erasure counts it: <c>submissions</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Adds what this feature knows of the person and others go by. The features that come last in the order of rooms are asked first,
    /// inside the caller's transaction.
    /// </summary>
    Task<DataSubject> KnowAsync(DataSubject person, CancellationToken ct) => Task.FromResult(person);

    /// <returns>What it keeps of the person, for them to see and take along (GDPR articles 15 and 20), the newest first. None where
    /// others show it: a person and their consents have places of their own.</returns>
    Task<KeptData> ReadAsync(DataSubject person, CancellationToken ct) => Task.FromResult(KeptData.None);

    /// <summary>Deletes or empties everything about the person (GDPR article 17), in the caller's transaction.</summary>
    /// <returns>How many rows that were.</returns>
    Task<int> EraseAsync(DataSubject person, CancellationToken ct);

    /// <summary>Empties what is kept of one sign-up that nobody confirmed in time, in the caller's transaction.</summary>
    Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct);
}

/// <summary>Something that is kept of a person.</summary>
/// <param name="What">A few words that tell which it is, such as the title of a form.</param>
/// <param name="Values">All that is kept of it, by name.</param>
internal sealed record KeptRecord(DateTime At, string What, IReadOnlyDictionary<string, string> Values);

/// <param name="Recipients">Who else was given it.</param>
internal sealed record KeptData(IReadOnlyList<KeptRecord> Records, IReadOnlyList<string> Recipients)
{
    /// <summary>More than a person has; the rest the site hands out.</summary>
    public const int Most = 1000;

    public static readonly KeptData None = new([], []);
}

/// <param name="RequestId">The request for a confirmation.</param>
/// <param name="SubmissionId">The submission it came from; null when it came by the API.</param>
internal sealed record UnconfirmedSignUp(Guid RequestId, Guid? SubmissionId);
