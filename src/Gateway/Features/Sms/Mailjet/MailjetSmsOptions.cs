using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.Mailjet.MailjetSmsOptions))]

namespace Gateway.Features.Sms.Mailjet;

/// <summary>An account for SMS at Mailjet: the installation's, section <c>Sms:Mailjet</c>, or a connection's.</summary>
internal sealed partial class MailjetSmsOptions : ISmsAccount
{
    public const string Section = "Sms:Mailjet";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.mailjet.com");

    /// <summary>Made on Mailjet's SMS pages; the keys for mail are others.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? Token { get; set; }

    /// <summary>Names of 3 to 11 letters and digits, separated by commas; the first is the default.</summary>
    [ConnectionSetting]
    public string? From { get; set; }

    /// <summary>For each sender; Mailjet names no limit.</summary>
    [ConnectionSetting]
    public double MessagesPerSecond { get; set; }

    /// <summary>For one call, of the installation. Long, since a call given up may have sent its message.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Mailjet's accounts have no name that could be shown, so it is made of the token.</summary>
    public string Name => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token ?? "")).AsSpan(0, 4));

    public IReadOnlyList<string> Senders => SenderList.Parse(From);

    public IEnumerable<string> Errors()
    {
        if (Token is not { Length: > 0 })
        {
            yield return "Token is missing. It is made on Mailjet's SMS pages.";
        }

        if (Senders.Count == 0)
        {
            yield return "From must name a sender.";
        }

        if (Senders.FirstOrDefault(sender => !SenderName().IsMatch(sender)) is { } odd)
        {
            yield return $"From holds \"{odd}\"; Mailjet takes senders of 3 to 11 letters and digits.";
        }

        if (MessagesPerSecond is not (0 or (>= ISmsAccount.Slowest and <= ISmsAccount.Fastest)))
        {
            yield return "MessagesPerSecond must be from 0.01 to 10000, or 0 for no limit.";
        }
    }

    public override string ToString() => $"Mailjet SMS at {BaseUrl}";

    [GeneratedRegex("^[A-Za-z0-9]{3,11}$")]
    private static partial Regex SenderName();

    /// <summary>An account is needed only where the route leads to it.</summary>
    internal sealed class Validator(IOptions<SmsOptions> sms, IHostEnvironment environment) : IValidateOptions<MailjetSmsOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailjetSmsOptions options) =>
            ProviderSettings.Result([
                .. SmsRoute.Providers(sms.Value.Route).Contains(SmsRoute.Mailjet)
                    ? options.Errors().Select(error => "Sms__Mailjet__" + error)
                    : [],
                ProviderSettings.UrlError("Sms__Mailjet__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Sms__Mailjet__TimeLimit", options.TimeLimit, most: TimeSpan.FromMinutes(1)),
            ]);
    }
}
