using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.MailerLite.MailerLiteOptions))]

namespace Gateway.Features.Lists.MailerLite;

/// <summary>An account at MailerLite: the installation's, section <c>Lists:MailerLite</c>, or a connection's.</summary>
internal sealed class MailerLiteOptions : IConnectionSettings
{
    public const string Section = "Lists:MailerLite";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://connect.mailerlite.com");

    /// <summary>Made at MailerLite under Integrations, API. It ends with the user who made it.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>For one call, of the installation.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    public string Name => ApiKeyText.NameOf(ApiKey);

    public IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ApiKey))
        {
            yield return "ApiKey is needed: the token that is made at MailerLite under Integrations, API.";
        }
    }

    public override string ToString() => $"MailerLite lists at {BaseUrl}";

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<MailerLiteOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailerLiteOptions options) =>
            ProviderSettings.Result([
                .. options.ApiKey is { Length: > 0 } ? options.Errors().Select(error => "Lists__MailerLite__" + error) : [],
                ProviderSettings.UrlError("Lists__MailerLite__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Lists__MailerLite__TimeLimit", options.TimeLimit, most: TimeSpan.FromSeconds(30)),
            ]);
    }
}
