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
