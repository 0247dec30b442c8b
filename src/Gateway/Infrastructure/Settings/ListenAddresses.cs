using System.Net.Sockets;
using Gateway.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Infrastructure.Settings;

/// <summary>
/// Where the server listens, and which setting says so. As Kestrel takes it: endpoints of its own section before ASPNETCORE_URLS, those
/// before ports alone; and the metrics' port beside them.
/// </summary>
internal sealed class ListenAddresses
{
    private const string Default = "http://localhost:5000";
    private const int MaxPort = 65_535;

    private readonly IReadOnlyList<Address> _all;

    private ListenAddresses(IReadOnlyList<Address> all) => _all = all;

    public IEnumerable<string> Urls => _all.Select(address => address.Url);

    /// <summary>
    /// A sentence for each that cannot be. The framework takes a port that is no number for a part of the name and listens at port 80.
    /// </summary>
    public IEnumerable<string> Errors =>
        _all.Select(address => address.Error)
            .OfType<string>()
            .Concat(
                _all.Any(address => !address.IsMetrics && _all.Any(other => other.IsMetrics && other.Port == address.Port))
                    ? [$"{Address.Metrics} must be another port than those that the gateway listens at."]
                    : []
            )
            .Distinct();

    public static ListenAddresses Of(IConfiguration configuration)
    {
        // Development has a certificate of its own for https.
        var development = configuration[HostDefaults.EnvironmentKey] == Environments.Development;
        var certificate = development || IsNamed(configuration.GetSection("Kestrel:Certificates:Default"));
        var metrics = configuration.GetSection(MetricsOptions.Section).Get<MetricsOptions>()?.Url;
        return new([
            .. Served(configuration, certificate),
            .. metrics is null ? [] : new[] { new Address(Address.Metrics, metrics, false) },
        ]);
    }

    /// <returns>Why the server could not listen, in a sentence that names the setting; null when it failed at something else.</returns>
    public string? ErrorOf(Exception start) =>
        start is IOException { InnerException: AddressInUseException }
            ? $"Another program listens already at {Shown(_all.Where(address => start.Message.Contains($":{address.Port}:")))}."
        : (start as SocketException ?? (start.InnerException as AggregateException)?.InnerException as SocketException) is { } socket
            ? $"The gateway cannot listen at {Shown(_all)}: {socket.SocketErrorCode}. Take a port above 1023, and an address of this "
                + "machine."
        : null;

    private string Shown(IEnumerable<Address> some) =>
        string.Join(" or ", some.DefaultIfEmpty(_all[0]).Select(address => $"{address.Url} ({address.Setting})"));

    private static IEnumerable<Address> Served(IConfiguration configuration, bool hasCertificate)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        if (endpoints.Count > 0)
        {
            return endpoints.Select(endpoint => new Address(
                $"Kestrel__Endpoints__{endpoint.Key}__Url",
                endpoint["Url"] ?? "",
                hasCertificate || IsNamed(endpoint.GetSection("Certificate")) || endpoint.GetSection("Sni").GetChildren().Any()
            ));
        }

        var urls = Split("urls", "ASPNETCORE_URLS", "");
        return urls.Count > 0 ? urls
            : Split("http_ports", "ASPNETCORE_HTTP_PORTS", "http://*:")
                .Concat(Split("https_ports", "ASPNETCORE_HTTPS_PORTS", "https://*:"))
                is var ports
            && ports.Any()
                ? ports
            : [new("ASPNETCORE_URLS", Default, hasCertificate)];

        List<Address> Split(string key, string setting, string before) =>
            [
                .. (configuration[key] ?? "")
                    .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(part => new Address(setting, before + part, hasCertificate)),
            ];
    }

    private static bool IsNamed(IConfigurationSection certificate) =>
        certificate["Path"] is { Length: > 0 } || certificate["Subject"] is { Length: > 0 };

    /// <param name="Setting">As the environment has it.</param>
    private sealed record Address(string Setting, string Url, bool HasCertificate)
    {
        public const string Metrics = "Gateway__Metrics__Port";

        private readonly BindingAddress? _parsed = Parse(Url);

        public bool IsMetrics => Setting == Metrics;

        public int Port => _parsed?.Port ?? 0;

        public string? Error =>
            _parsed switch
            {
                null => $"{Setting} must be an address such as http://127.0.0.1:5080; several are separated by semicolons.",
                { Scheme: var scheme } when !IsAny(scheme, "http", "https") => $"{Setting} must begin with http:// or https://.",
                { IsUnixPipe: false } when Port is < 0 or > MaxPort || HasWrongPort(_parsed.Host) =>
                    $"{Setting} has a port that is none: a port is a number from 0 to {MaxPort}.",
                { PathBase.Length: > 0 } => $"{Setting} must be an address without a path, such as http://127.0.0.1:5080.",
                { Port: 0, IsUnixPipe: false, Host: var host } when IsAny(host, "localhost") =>
                    $"{Setting} must name a port for localhost; only an IP address may have port 0, which is any that is free.",
                { Scheme: var scheme } when IsAny(scheme, "https") && !HasCertificate =>
                    $"{Setting} begins with https://, which needs a certificate: Kestrel__Certificates__Default__Path and __Password, or "
                        + "__KeyPath. Behind a proxy http:// is enough.",
                _ => null,
            };

        /// <summary>Only an IPv6 address, which stands in brackets, has a colon of its own.</summary>
        private static bool HasWrongPort(string host) => host.Contains(':', StringComparison.Ordinal) && !(host is ['[', .., ']']);

        private static bool IsAny(string given, params string[] names) => names.Contains(given, StringComparer.OrdinalIgnoreCase);

        private static BindingAddress? Parse(string url)
        {
            try
            {
                return BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }
}
