namespace Gateway.Features.Lists;

internal static class ProviderUrl
{
    /// <returns>What is wrong with the address of a provider's API, in a sentence; null when nothing.</returns>
    public static string? Fault(string setting, Uri? url, IHostEnvironment environment) => url switch
    {
        { IsAbsoluteUri: true, Scheme: "https" } => null,
        { IsAbsoluteUri: true, Scheme: "http" } when url.IsLoopback || environment.IsDevelopment() => null,
        { IsAbsoluteUri: true, Scheme: "http" } => $"{setting} must begin with https:// because credentials and addresses travel there.",
        _ => $"{setting} must be an absolute address such as https://api.example.org.",
    };
}
