using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Brevo.BrevoOptions))]

namespace Gateway.Features.Lists.Brevo;

/// <summary>Access to Brevo's contact lists, section <c>Lists:Brevo</c>. Without a key no list can be mirrored there.</summary>
internal sealed class BrevoOptions
{
    public const string Section = "Lists:Brevo";

    public Uri? BaseUrl { get; set; } = new("https://api.brevo.com");

    public string? ApiKey { get; set; }

    /// <summary>For one call.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsConfigured => ApiKey is { Length: > 0 };

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
