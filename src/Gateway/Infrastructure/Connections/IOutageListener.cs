namespace Gateway.Infrastructure.Connections;

internal enum OutageNews
{
    Began,

    /// <summary>A reminder, once a day.</summary>
    Continues,

    Ended,
}

/// <param name="Waiting">Rows that wait, by site: the sites that are to hear of it.</param>
/// <param name="IsRepeated">
/// Whether another connection is held for the same reason and was announced, such as one account at a provider that several sites share:
/// who hears of all sites need not hear it again.
/// </param>
internal sealed record OutageAnnouncement(Outage Outage, OutageNews News, IReadOnlyDictionary<Guid, int> Waiting, bool IsRepeated);

/// <summary>Passes on that a connection is held: by events, by mail. A feature registers one for each way it has.</summary>
internal interface IOutageListener
{
    /// <summary>Runs inside the transaction that notes the announcement, and only writes rows.</summary>
    Task AnnounceAsync(OutageAnnouncement announcement, CancellationToken ct);
}
