using Gateway.Features.Connections;

namespace Gateway.Features.Sms;

/// <summary>An account at a provider: the provider's own options class, from the installation's settings or a connection.</summary>
internal interface ISmsAccount : IConnectionSettings
{
    const double Slowest = 0.01;
    const double Fastest = 10_000;

    /// <summary>Senders it may use, the default first: numbers, names, or a messaging service's id.</summary>
    IReadOnlyList<string> Senders { get; }

    /// <summary>Messages a second that the provider takes for one sender; 0 is no limit.</summary>
    double MessagesPerSecond { get; }
}
