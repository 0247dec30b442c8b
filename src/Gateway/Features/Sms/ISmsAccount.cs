namespace Gateway.Features.Sms;

/// <summary>An account at a provider: the provider's own options class, from the installation's settings or a site's own.</summary>
internal interface ISmsAccount
{
    /// <summary>What tells it from other accounts at the provider; not secret.</summary>
    string Name { get; }

    /// <summary>Senders it may use, the default first: numbers, names, or a messaging service's id.</summary>
    IReadOnlyList<string> Senders { get; }

    /// <summary>Messages a second that the provider takes for one sender; 0 is no limit.</summary>
    double MessagesPerSecond { get; }

    /// <summary>What is missing or wrong, as sentences that name the setting or option.</summary>
    IEnumerable<string> Errors();
}
