using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.Brevo.BrevoSmsOptions))]

namespace Gateway.Features.Sms.Brevo;

/// <summary>An account for SMS at Brevo: the installation's, section <c>Sms:Brevo</c>, or a connection's.</summary>
internal sealed partial class BrevoSmsOptions : ISmsAccount
{
    public const string Section = "Sms:Brevo";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.brevo.com");

    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>Names of up to 11 letters and digits, or numbers, separated by commas; the first is the default.</summary>
    [ConnectionSetting]
    public string? From { get; set; }

    /// <summary>For each sender; Brevo names no limit for transactional SMS.</summary>
    [ConnectionSetting]
    public double MessagesPerSecond { get; set; }

    /// <summary>For one call, of the installation. Long, since a call given up may have sent its message.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The end of the key, by which people find it on Brevo's pages.</summary>
    public string Name => ApiKeyText.NameOf(ApiKey);

    public IReadOnlyList<string> Senders => SenderList.Parse(From);

    public IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ApiKey))
        {
            yield return "ApiKey is needed. It is made on Brevo's page \"SMTP & API\".";
        }

        if (Senders.Count == 0)
        {
            yield return "From must name a sender.";
        }

        if (Senders.FirstOrDefault(sender => !SenderName().IsMatch(sender)) is { } odd)
        {
            yield return $"From holds \"{odd}\"; Brevo takes names of up to 11 letters and digits, and numbers such as +33612345678.";
        }

        if (MessagesPerSecond is not (0 or (>= ISmsAccount.Slowest and <= ISmsAccount.Fastest)))
        {
            yield return "MessagesPerSecond must be from 0.01 to 10000, or 0 for no limit.";
        }
    }

    public override string ToString() => $"Brevo SMS at {BaseUrl}";

    [GeneratedRegex("^([A-Za-z0-9]{1,11}|\\+?[0-9]{3,15})$")]
    private static partial Regex SenderName();

    /// <summary>An account is needed only where the route leads to it.</summary>
    internal sealed class Validator(IOptions<SmsOptions> sms, IHostEnvironment environment) : IValidateOptions<BrevoSmsOptions>
    {
        public ValidateOptionsResult Validate(string? name, BrevoSmsOptions options) =>
            ProviderSettings.Result([
                .. SmsRoute.Providers(sms.Value.Route).Contains(SmsRoute.Brevo)
                    ? options.Errors().Select(error => "Sms__Brevo__" + error)
                    : [],
                ProviderSettings.UrlError("Sms__Brevo__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Sms__Brevo__TimeLimit", options.TimeLimit, most: TimeSpan.FromMinutes(1)),
            ]);
    }
}
