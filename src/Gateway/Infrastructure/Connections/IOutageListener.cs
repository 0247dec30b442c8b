namespace Gateway.Infrastructure.Connections;

internal enum OutageNews
{
    Began,

    /// <summary>A reminder, once a day.</summary>
    Continues,

    Ended,
}

/// <param name="Waiting">Rows that wait, by site: the sites that are to hear of it.</param>
internal sealed record OutageAnnouncement(Outage Outage, OutageNews News, IReadOnlyDictionary<Guid, int> Waiting);

/// <summary>Passes on that a connection is held: by events, by mail. A feature registers one for each way it has.</summary>
internal interface IOutageListener
{
    /// <summary>Runs inside the transaction that notes the announcement, and only writes rows.</summary>
    Task AnnounceAsync(OutageAnnouncement announcement, CancellationToken ct);
}
