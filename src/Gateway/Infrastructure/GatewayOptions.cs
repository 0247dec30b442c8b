using System.Net;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Infrastructure.GatewayOptions))]

namespace Gateway.Infrastructure;

/// <summary>Settings of the installation, section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The address under which people and providers reach this gateway, without a path: links in mails begin with it.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A PEM file with a certificate and its private key that protects the key ring. Outside Development it must exist.</summary>
    public string MasterKeyFile { get; set; } = "data/master.pem";

    /// <summary><c>api</c> answers requests, <c>worker</c> works the queues; one process usually does both.</summary>
    public string Roles { get; set; } = "api,worker";

    /// <summary>Addresses or networks (CIDR) of the proxies whose <c>X-Forwarded-For</c> counts, separated by commas.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>The name server to ask, such as <c>10.0.0.2:5353</c>; those of the machine when it is null.</summary>
    public string? NameServer { get; set; }

    public LimitOptions Limits { get; set; } = new();

    public bool IsWorker => Roles.Split(',', StringSplitOptions.TrimEntries).Contains("worker", StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Where somebody who found a hole can write to, for /.well-known/security.txt: mail addresses or https:// addresses, separated by
    /// commas. Nothing is shown where it is not set.
    /// </summary>
    public string? SecurityContact { get; set; }

    /// <summary>Links begin with this; it has no slash at its end.</summary>
    public string PublicBase => PublicUrl!.TrimEnd('/');

    internal sealed class LimitOptions
    {
        /// <summary>Requests a second for each signed caller.</summary>
        public int CallerPerSecond { get; set; } = 200;

        /// <summary>How many requests a caller may make at once after a pause.</summary>
        public int CallerBurst { get; set; } = 1000;

        /// <summary>Requests a minute for each address (IPv6: each /64) without a valid signature or token: pages, sign-in.</summary>
        public int AddressPerMinute { get; set; } = 120;

        /// <summary>Tries a minute for each address to sign in: at an issuer, by a passkey, or to be sent a link.</summary>
        public int SignInPerMinute { get; set; } = 10;

        /// <summary>Wrong secrets a minute for each client id at each address; right ones do not count.</summary>
        public int FailuresPerMinute { get; set; } = 10;

        /// <summary>Requests a minute for an access token from each address.</summary>
        public int TokensPerMinute { get; set; } = 600;

        /// <summary>
        /// Requests a minute to unsubscribe from each address: a mailbox provider sends those of all its users from few.
        /// </summary>
        public int UnsubscribesPerMinute { get; set; } = 3_000;

        /// <summary>Requests a minute to the admin pages from each address; the editor's preview asks while somebody types.</summary>
        public int AdminPerMinute { get; set; } = 600;

        /// <summary>Receipts a minute from each address of a provider: one sends those of all its customers from few.</summary>
        public int ProviderPerMinute { get; set; } = 30_000;
    }

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<GatewayOptions>
    {
        public ValidateOptionsResult Validate(string? name, GatewayOptions options)
        {
            var errors = new List<string>();

            if (
                !Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https")
                || url.PathAndQuery != "/"
                || url.Fragment.Length > 0
            )
            {
                errors.Add(
                    "Gateway__PublicUrl must be the address people reach this gateway under, such as https://gateway.example.org, without "
                        + "a path."
                );
            }
            else if (url.UserInfo.Length > 0)
            {
                errors.Add("Gateway__PublicUrl must not hold a user or a password: everybody sees it.");
            }
            else if (url.Scheme == "http" && !environment.IsDevelopment() && !url.IsLoopback)
            {
                errors.Add("Gateway__PublicUrl must begin with https:// because confirmation links carry secrets.");
            }

            if (
                options.Roles.Split(',', StringSplitOptions.TrimEntries) is var roles
                && (roles.Length == 0 || roles.Except(["api", "worker"]).Any())
            )
            {
                errors.Add("Gateway__Roles may name api, worker or both, separated by a comma.");
            }

            if (options.MasterKeyFile.Length == 0)
            {
                errors.Add("Gateway__MasterKeyFile is empty. It must name the file of the master key.");
            }
            else if (Directory.Exists(options.MasterKeyFile))
            {
                errors.Add($"Gateway__MasterKeyFile names {options.MasterKeyFile}, which is a folder. It must name the file in it.");
            }
            else if (!environment.IsDevelopment() && !File.Exists(options.MasterKeyFile))
            {
                errors.Add(
                    $"Gateway__MasterKeyFile names {options.MasterKeyFile}, which does not exist. Make it once with `gateway key master "
                        + "FILE`, keep a copy apart from the database, and give only this program the right to read it."
                );
            }

            if (options.NameServer is { Length: > 0 } server && !IPEndPoint.TryParse(server, out _))
            {
                errors.Add($"Gateway__NameServer is \"{server}\" and must be an IP address, such as 10.0.0.2 or 10.0.0.2:53.");
            }

            errors.AddRange(
                SecurityTxt
                    .Contacts(options)
                    .Where(contact => contact.Uri is null)
                    .Select(contact =>
                        $"Gateway__SecurityContact holds \"{contact.Given}\", which is neither a mail address nor an https:// address."
                    )
            );

            errors.AddRange(
                options
                    .TrustedProxyList()
                    .Where(proxy => !IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _))
                    .Select(proxy =>
                        $"Gateway__TrustedProxies holds \"{proxy}\", which is neither an address nor a network such as 10.0.0.0/8."
                    )
            );

            errors.AddRange(
                typeof(LimitOptions)
                    .GetProperties()
                    .Where(limit => (int)limit.GetValue(options.Limits)! <= 0)
                    .Select(limit => $"Gateway__Limits__{limit.Name} must be above zero.")
            );

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }

    public IEnumerable<string> TrustedProxyList() =>
        TrustedProxies?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
