namespace Gateway.Features.Sites.Findings;

/// <summary>Something that is wrong now.</summary>
/// <inheritdoc cref="SiteFinding"/>
internal sealed record Fault(string Subject, string Name, string Text);

/// <summary>Looks at sites for what somebody has to put right. A feature registers one for each kind that it knows.</summary>
internal interface ISiteCheck
{
    FindingKind Kind { get; }

    /// <returns>All that is wrong at the site; null where nobody can say now, so that what was found before stands.</returns>
    Task<IReadOnlyList<Fault>?> FindAsync(Site site, CancellationToken ct);
}
