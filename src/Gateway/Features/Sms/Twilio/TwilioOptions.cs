using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Sms.Twilio.TwilioOptions))]

namespace Gateway.Features.Sms.Twilio;

/// <summary>An account at Twilio: the installation's, section <c>Sms:Twilio</c>, or a connection's.</summary>
internal sealed partial class TwilioOptions : ISmsAccount
{
    public const string Section = "Sms:Twilio";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.twilio.com");

    [ConnectionSetting]
    public string? AccountSid { get; set; }

    /// <summary>Needed in any case: Twilio signs its callbacks with it, but for those that name a shared key.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? AuthToken { get; set; }

    /// <summary>
    /// Keys that Twilio signs callbacks with in the place of the token: NAME=SECRET, separated by commas. Two while one takes over.
    /// </summary>
    [ConnectionSetting(IsSecret = true)]
    public string? SharedKeys { get; set; }

    /// <summary>With <see cref="ApiSecret"/> in the place of the token for calls, since a key can be revoked by itself.</summary>
    [ConnectionSetting]
    public string? ApiKey { get; set; }

    [ConnectionSetting(IsSecret = true)]
    public string? ApiSecret { get; set; }

    /// <summary>Numbers or names, separated by commas; the first is the default.</summary>
    [ConnectionSetting]
    public string? From { get; set; }

    /// <summary>A service that chooses the sender; the default when <see cref="From"/> names none.</summary>
    [ConnectionSetting]
    public string? MessagingServiceSid { get; set; }

    /// <summary>For each sender. Twilio queues what is more than a sender may send, so there is no limit by default.</summary>
    [ConnectionSetting]
    public double MessagesPerSecond { get; set; }

    /// <summary>For one call, of the installation. Long, since a call given up may have sent its message.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    public string Name => AccountSid ?? "";

    public IReadOnlyList<string> Senders =>
        MessagingServiceSid is { Length: > 0 } service ? [.. SenderList.Parse(From), service] : SenderList.Parse(From);

    public string User => ApiKey is { Length: > 0 } key ? key : Name;

    public string Password => (ApiKey is { Length: > 0 } ? ApiSecret : AuthToken) ?? "";

    /// <returns>The secret of a shared key; null when the account has none of this name.</returns>
    public string? SharedKey(string name) => ListedKeys().FirstOrDefault(key => key[0] == name) is [_, var secret] ? secret : null;

    public static bool IsMessagingService(string sender) => ServiceSid().IsMatch(sender);

    public IEnumerable<string> Errors()
    {
        if (!Sid().IsMatch(AccountSid ?? ""))
        {
            yield return "AccountSid must be the account's SID: AC and 32 hexadecimal digits.";
        }

        if (AuthToken is not { Length: > 0 })
        {
            yield return "AuthToken is missing. It is needed even where an API key signs in, because Twilio signs its callbacks with it.";
        }

        if (ApiKey is { Length: > 0 } != ApiSecret is { Length: > 0 })
        {
            yield return "ApiKey and ApiSecret belong together: set both or neither.";
        }

        var keys = ListedKeys().ToList();
        if (keys.FindIndex(key => key is not [var named, { Length: > 0 }] || !KeyName().IsMatch(named)) is >= 0 and var wrong)
        {
            yield return $"SharedKeys must list NAME=SECRET, separated by commas, named as at Twilio. Number {wrong + 1} is none.";
        }
        else if (keys.DistinctBy(key => key[0]).Count() < keys.Count)
        {
            yield return "SharedKeys must name each key once.";
        }

        if (MessagingServiceSid is { Length: > 0 } service && !IsMessagingService(service))
        {
            yield return "MessagingServiceSid must be MG and 32 hexadecimal digits.";
        }

        if (Senders.Count == 0)
        {
            yield return "From or MessagingServiceSid must name a sender.";
        }

        if (SenderList.Parse(From).FirstOrDefault(sender => !SenderName().IsMatch(sender) && !IsMessagingService(sender)) is { } odd)
        {
            yield return $"From holds \"{odd}\"; Twilio takes numbers such as +15005550006, short codes of 3 to 8 digits, and names of up "
                + "to 11 letters, digits, spaces and + - _ &, with one letter at least.";
        }

        if (MessagesPerSecond is not (0 or (>= ISmsAccount.Slowest and <= ISmsAccount.Fastest)))
        {
            yield return "MessagesPerSecond must be from 0.01 to 10000, or 0 for no limit.";
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Twilio account {AccountSid} at {BaseUrl}");

    private IEnumerable<string[]> ListedKeys() =>
        (SharedKeys ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(key => key.Split('=', 2, StringSplitOptions.TrimEntries));

    [GeneratedRegex("^[0-9A-Za-z_-]+$")]
    private static partial Regex KeyName();

    [GeneratedRegex("^(\\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7}|(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11})$")]
    private static partial Regex SenderName();

    [GeneratedRegex("^AC[0-9a-fA-F]{32}$")]
    private static partial Regex Sid();

    [GeneratedRegex("^MG[0-9a-fA-F]{32}$")]
    private static partial Regex ServiceSid();

    /// <summary>An account is needed only where the route leads to it.</summary>
    internal sealed class Validator(IOptions<SmsOptions> sms, IHostEnvironment environment) : IValidateOptions<TwilioOptions>
    {
        public ValidateOptionsResult Validate(string? name, TwilioOptions options) =>
            ProviderSettings.Result([
                .. SmsRoute.Providers(sms.Value.Route).Contains(SmsRoute.Twilio)
                    ? options.Errors().Select(error => "Sms__Twilio__" + error)
                    : [],
                ProviderSettings.UrlError("Sms__Twilio__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Sms__Twilio__TimeLimit", options.TimeLimit, most: TimeSpan.FromMinutes(1)),
            ]);
    }
}
