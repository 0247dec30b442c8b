using System.Globalization;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Webhooks.HooksOptions))]

namespace Gateway.Features.Webhooks;

/// <summary>How hooks are told, section <c>Hooks</c>.</summary>
internal sealed class HooksOptions
{
    public const string Section = "Hooks";

    private static readonly TimeSpan MaxTimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether hooks may lead to this machine and to private networks, also without TLS. Whoever may make hooks could then reach what only
    /// the gateway's
    /// network can. True in Development when it is not set.
    /// </summary>
    public bool? AllowPrivateTargets { get; set; }

    /// <summary>
    /// Ports that a hook on the public internet may have, separated by commas. A hook that could call any port would let whoever makes it
    /// knock at mail servers and databases in the gateway's name.
    /// </summary>
    public string Ports { get; set; } = "443,8443";

    /// <summary>For all of one call: finding the name, connecting, sending, and the answer.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(15);

    public IReadOnlyList<int> PortList() =>
        [
            .. Ports
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(port => int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0),
        ];

    internal sealed class Validator : IValidateOptions<HooksOptions>
    {
        public ValidateOptionsResult Validate(string? name, HooksOptions options) =>
            options.TimeLimit <= TimeSpan.Zero || options.TimeLimit > MaxTimeLimit
                ? ValidateOptionsResult.Fail("Hooks__TimeLimit is a time up to a minute, such as 00:00:15.")
            : options.PortList() is not { Count: > 0 } ports || ports.Any(port => port is < 1 or > ushort.MaxValue)
                ? ValidateOptionsResult.Fail("Hooks__Ports is one port or several, separated by commas, such as 443,8443.")
            : ValidateOptionsResult.Success;
    }
}
