namespace Gateway.Infrastructure.NameServers;

/// <summary>What the DNS says. A rule that asks it takes this interface, so that a test can say what the answers are.</summary>
internal interface IDnsAnswers
{
    /// <param name="name">In ASCII, without the dot at the end, such as <c>_dmarc.example.org</c>.</param>
    /// <returns>What came back. Throws nothing but <see cref="OperationCanceledException"/> when the caller's patience ends.</returns>
    Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct);
}

internal enum DnsRecordType
{
    A,
    Aaaa,
    Mx,
    Ptr,
    Txt,
}

/// <summary>Whether there was an answer, and which kind.</summary>
internal enum DnsOutcome
{
    /// <summary>There is at least one record.</summary>
    Found,

    /// <summary>The name exists, but has no record of this type.</summary>
    NoRecord,

    /// <summary>There is no such name (NXDOMAIN, RFC 8020: nothing below it either).</summary>
    NoName,

    /// <summary>Nobody could say: the servers failed, refused, or gave something unreadable.</summary>
    Failed,

    /// <summary>No server answered in time.</summary>
    TimedOut,
}

/// <summary>One record.</summary>
/// <param name="Text">An address, a host name without the dot at its end ("" is the root), or the joined strings of a TXT record.</param>
/// <param name="Preference">Of an MX record; else 0.</param>
internal sealed record DnsValue(string Text, int Preference = 0);

/// <summary>What the DNS said of one name and type.</summary>
/// <param name="Alias">The name that CNAME records lead to; null where there are none.</param>
/// <param name="Detail">Why nobody could say, for people; null otherwise.</param>
internal sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsValue> Values, string? Alias = null, string? Detail = null)
{
    public static readonly DnsAnswer NoName = new(DnsOutcome.NoName, []);
    public static readonly DnsAnswer NoRecord = new(DnsOutcome.NoRecord, []);

    /// <summary>Whether it is known what there is; "nobody answered" proves nothing.</summary>
    public bool IsKnown => Outcome is DnsOutcome.Found or DnsOutcome.NoRecord or DnsOutcome.NoName;

    /// <summary>Whether it is known that there is nothing.</summary>
    public bool IsEmpty => Outcome is DnsOutcome.NoRecord or DnsOutcome.NoName;
}
