namespace Gateway.Infrastructure.Queue;

/// <summary>How the rows of one queue are taken off it for good, visibly, when working on them ends the program.</summary>
internal interface ISetAside<T>
    where T : class, ILeased
{
    /// <summary>Of all queues.</summary>
    const string Code = "crashed";

    /// <summary>Of all queues, for whoever decides whether it is tried again.</summary>
    const string Reason =
        "The gateway ended twice while it was working on this, the second time on this alone, so it was set aside. Look at the log of that "
        + "time before it is tried again.";

    /// <summary>Makes the rows failed, in the caller's transaction. With that they have no <see cref="IQueued.DueAt"/> any more.</summary>
    Task SetAsideAsync(IQueryable<T> rows, CancellationToken ct);
}
