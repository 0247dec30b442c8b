namespace Gateway.Infrastructure.Connections;

/// <summary>Whom an answer of an outside party concerns, which decides what happens to the row and to its neighbours.</summary>
internal enum Concern
{
    /// <summary>Nobody can tell: the row is tried again by itself.</summary>
    Unknown,

    /// <summary>This person or this message: the row is settled, its neighbours go on.</summary>
    Person,

    /// <summary>One property of a person, or one field of a message: it is left out, and the person goes on.</summary>
    Property,

    /// <summary>Our account, sender or configuration. The connection is held until an operator has fixed it.</summary>
    Account,

    /// <summary>The other side's server, for a while. The connection is held until it answers again.</summary>
    Server,

    /// <summary>
    /// A decision of our own, such as a brake. Nobody tries it: it ends when whoever made it, or a person, takes it back.
    /// </summary>
    Decision,
}

/// <summary>What stands in the way of everything that goes over one connection.</summary>
/// <param name="Concern"><see cref="Concern.Account"/>, <see cref="Concern.Server"/> or <see cref="Concern.Decision"/>.</param>
/// <param name="Code">Stable, such as <c>sign_in_refused</c>.</param>
/// <param name="Reason">A sentence for an operator, without secrets and without anybody's address.</param>
/// <param name="RetryAfter">How long the other side asked to wait.</param>
/// <param name="MayBePerson">Whether it may be about one person after all, so that others try the connection soon.</param>
internal sealed record ConnectionError(
    Concern Concern,
    string Code,
    string Reason,
    TimeSpan? RetryAfter = null,
    bool MayBePerson = false
);
