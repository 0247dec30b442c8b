namespace Gateway.Infrastructure.Commands;

/// <summary>
/// Somebody else's server that the installation's settings name, tried without changing or sending anything: <c>check config
/// --connect</c>.
/// </summary>
internal interface IConnectionCheck
{
    /// <summary>For people: <c>Mail server smtp.example.org:587</c>.</summary>
    string Name { get; }

    /// <summary>Whether the settings name it at all.</summary>
    bool IsConfigured { get; }

    /// <summary>Connects and signs in.</summary>
    /// <returns>What is wrong, as a sentence; null when it works.</returns>
    Task<string?> ErrorAsync(CancellationToken ct);

    /// <param name="setting">The one that holds the address.</param>
    static string Unreachable(string provider, Uri? address, string setting) =>
        $"{provider} did not answer at {address} ({setting}). Can this machine reach it?";
}
