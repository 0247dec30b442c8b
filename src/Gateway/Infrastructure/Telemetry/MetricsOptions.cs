using System.Net;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Infrastructure.Telemetry.MetricsOptions))]

namespace Gateway.Infrastructure.Telemetry;

/// <summary>
/// Who may read <c>/metrics</c>, section <c>Gateway:Metrics</c>. With neither port nor token it is served in Development only.
/// </summary>
internal sealed class MetricsOptions
{
    public const string Section = "Gateway:Metrics";
    private const int ShortestToken = 16;

    /// <summary>A port that serves metrics and health, and nothing else; no other port serves metrics then.</summary>
    public int? Port { get; set; }

    /// <summary>The address of this machine that <see cref="Port"/> is opened on.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Must come as <c>Authorization: Bearer</c> when it is set.</summary>
    public string? Token { get; set; }

    public bool IsPublished => Port is not null || Token is { Length: > 0 };

    /// <summary>Null without a port, or when the start will fail because of it.</summary>
    public string? Url =>
        Port is > 0 and < 65536 && IPAddress.TryParse(Address, out var address) ? $"http://{new IPEndPoint(address, Port.Value)}" : null;

    public override string ToString() => $"{Url ?? "no port of its own"}, {(Token is { Length: > 0 } ? "with" : "without")} a token";

    internal sealed class Validator : IValidateOptions<MetricsOptions>
    {
        public ValidateOptionsResult Validate(string? name, MetricsOptions options)
        {
            var errors = Errors(options).ToList();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static IEnumerable<string> Errors(MetricsOptions options)
        {
            if (options.Port is <= 0 or > 65535)
            {
                yield return "Gateway__Metrics__Port must be a port from 1 to 65535.";
            }

            if (!IPAddress.TryParse(options.Address, out _))
            {
                yield return $"Gateway__Metrics__Address must be an IP address of this machine, such as 127.0.0.1 or 0.0.0.0; it is "
                    + $"\"{options.Address}\".";
            }

            if (
                options.Token is { Length: > 0 } token
                && (token.Length < ShortestToken || token.Any(letter => letter is <= ' ' or > '~'))
            )
            {
                yield return $"Gateway__Metrics__Token must have {ShortestToken} characters at least, without spaces.";
            }
        }
    }
}
