using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Brevo.BrevoOptions))]

namespace Gateway.Features.Lists.Brevo;

/// <summary>An account at Brevo: the installation's, section <c>Lists:Brevo</c>, or a connection's.</summary>
internal sealed class BrevoOptions : IConnectionSettings
{
    public const string Section = "Lists:Brevo";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.brevo.com");

    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>For one call, of the installation.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The end of the key, by which people find it on Brevo's pages.</summary>
    public string Name => ApiKeyText.NameOf(ApiKey);

    public IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ApiKey))
        {
            yield return "ApiKey is needed. It is made on Brevo's page \"SMTP & API\".";
        }
    }

    public override string ToString() => $"Brevo lists at {BaseUrl}";

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<BrevoOptions>
    {
        public ValidateOptionsResult Validate(string? name, BrevoOptions options)
        {
            List<string?> errors =
            [
                ProviderSettings.UrlError("Lists__Brevo__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Lists__Brevo__TimeLimit", options.TimeLimit, most: TimeSpan.FromSeconds(30)),
            ];
            return ProviderSettings.Result(errors);
        }
    }
}
