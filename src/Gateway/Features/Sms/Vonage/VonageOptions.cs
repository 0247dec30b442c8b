using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.Vonage.VonageOptions))]

namespace Gateway.Features.Sms.Vonage;

/// <summary>An account at Vonage: the installation's, section <c>Sms:Vonage</c>, or a connection's.</summary>
internal sealed partial class VonageOptions : ISmsAccount
{
    public const string Section = "Sms:Vonage";

    private const int LeastKeyBits = 2048;

    /// <summary>Of the Messages API and of applications. Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.nexmo.com");

    /// <summary>Of the account's balance, which has an address of its own. Of the installation.</summary>
    public Uri? AccountUrl { get; set; } = new("https://rest.nexmo.com");

    [ConnectionSetting]
    public string? ApiKey { get; set; }

    /// <summary>Messages are sent with the application's key; with this one the account is tried.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ApiSecret { get; set; }

    /// <summary>A UUID. The application has the capability "Messages", and its webhooks are signed.</summary>
    [ConnectionSetting]
    public string? ApplicationId { get; set; }

    /// <summary>The application's private RSA key as PEM; line breaks may be written as <c>\n</c>.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? PrivateKey { get; set; }

    /// <summary>The account's secret that Vonage signs its webhooks with.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? SignatureSecret { get; set; }

    /// <summary>Numbers or names, separated by commas; the first is the default.</summary>
    [ConnectionSetting]
    public string? From { get; set; }

    /// <summary>For each sender. Vonage queues what is more than a sender may send, so there is no limit by default.</summary>
    [ConnectionSetting]
    public double MessagesPerSecond { get; set; }

    /// <summary>For one call, of the installation. Long, since a call given up may have sent its message.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    public string Name => ApiKey ?? "";

    public IReadOnlyList<string> Senders => SenderList.Parse(From);

    /// <summary>The private key with real line breaks; an environment variable has one line.</summary>
    public string Pem => (PrivateKey ?? "").Replace("\\n", "\n", StringComparison.Ordinal);

    public IEnumerable<string> Errors()
    {
        if (!Key().IsMatch(ApiKey ?? ""))
        {
            yield return "ApiKey must be the account's key: letters and digits, as on Vonage's page \"API settings\".";
        }

        if (ApiSecret is not { Length: > 0 })
        {
            yield return "ApiSecret is missing. It stands beside the key on Vonage's page \"API settings\".";
        }

        if (!Guid.TryParseExact(ApplicationId, "D", out _))
        {
            yield return "ApplicationId must be the id of an application at Vonage with the capability \"Messages\".";
        }

        if (!IsKey(Pem))
        {
            yield return "PrivateKey must be the application's private RSA key of 2048 bits or more: the whole file private.key, from "
                + "-----BEGIN to the end.";
        }

        if (SignatureSecret is not { Length: > 0 })
        {
            yield return "SignatureSecret is missing. Vonage signs its webhooks with it; it stands on the page \"API settings\".";
        }

        if (Senders.Count == 0)
        {
            yield return "From must name a sender.";
        }

        if (Senders.FirstOrDefault(sender => !SenderName().IsMatch(sender)) is { } odd)
        {
            yield return $"From holds \"{odd}\"; Vonage takes numbers such as +15005550006, short codes of 3 to 8 digits, and names of up "
                + "to 11 letters, digits and spaces, with one letter at least.";
        }

        if (MessagesPerSecond is not (0 or (>= ISmsAccount.Slowest and <= ISmsAccount.Fastest)))
        {
            yield return "MessagesPerSecond must be from 0.01 to 10000, or 0 for no limit.";
        }
    }

    public override string ToString() => $"Vonage account {ApiKey} at {BaseUrl}";

    private static bool IsKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= LeastKeyBits && rsa.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception unfit) when (unfit is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[0-9A-Za-z]{6,16}$")]
    private static partial Regex Key();

    [GeneratedRegex("^(\\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$")]
    private static partial Regex SenderName();

    /// <summary>An account is needed only where the route leads to it.</summary>
    internal sealed class Validator(IOptions<SmsOptions> sms, IHostEnvironment environment) : IValidateOptions<VonageOptions>
    {
        public ValidateOptionsResult Validate(string? name, VonageOptions options) =>
            ProviderSettings.Result([
                .. SmsRoute.Providers(sms.Value.Route).Contains(SmsRoute.Vonage)
                    ? options.Errors().Select(error => "Sms__Vonage__" + error)
                    : [],
                ProviderSettings.UrlError("Sms__Vonage__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.UrlError("Sms__Vonage__AccountUrl", options.AccountUrl, environment),
                ProviderSettings.TimeError("Sms__Vonage__TimeLimit", options.TimeLimit, most: TimeSpan.FromMinutes(1)),
            ]);
    }
}
