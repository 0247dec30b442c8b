namespace Gateway.Infrastructure.Queue;

/// <summary>A row that is its own queue entry: the table is the queue.</summary>
internal interface IQueued
{
    Guid Id { get; }

    /// <summary>Schedule, lease and retry time in one, UTC; null when nothing is left to do.</summary>
    DateTime? DueAt { get; set; }

    /// <summary>
    /// How often the row was leased. It never decreases and is the lease's token: only the worker that knows it may finish the row.
    /// </summary>
    int Attempts { get; set; }
}

/// <summary>A row that is worked on after it was taken, so that the process may end in between.</summary>
internal interface ILeased : IQueued
{
    /// <summary>
    /// When the latest lease ends, UTC. Whoever brings the row to its next state moves <see cref="IQueued.DueAt"/>, so a row that is due
    /// at just this time was left by a process that ended; null says that its worker lived on.
    /// </summary>
    DateTime? LeasedUntil { get; set; }

    /// <summary>The process that took the latest lease (<see cref="WorkerProcess"/>).</summary>
    Guid? LeasedBy { get; set; }

    /// <summary>
    /// 0; 1 while it is tried alone, since a process ended while it held the row among others; 2 when that process ended too.
    /// </summary>
    int Losses { get; set; }
}
