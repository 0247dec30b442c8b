using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Mailjet.MailjetOptions))]

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Access to Mailjet's contact lists, section <c>Lists:Mailjet</c>. Without keys no list can be mirrored there.</summary>
internal sealed class MailjetOptions
{
    public const string Section = "Lists:Mailjet";

    public Uri? BaseUrl { get; set; } = new("https://api.mailjet.com");

    public string? ApiKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>For one call.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a job for many contacts is watched before it is pushed again later.</summary>
    public TimeSpan JobTimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    public bool IsConfigured => ApiKey is { Length: > 0 } && SecretKey is { Length: > 0 };

    public override string ToString() => $"Mailjet lists at {BaseUrl}";

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<MailjetOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailjetOptions options)
        {
            List<string?> errors =
            [
                options.ApiKey is { Length: > 0 } == options.SecretKey is { Length: > 0 }
                    ? null
                    : "Lists__Mailjet__ApiKey and Lists__Mailjet__SecretKey belong together: set both or neither.",
                ProviderSettings.UrlError("Lists__Mailjet__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError("Lists__Mailjet__TimeLimit", options.TimeLimit, most: TimeSpan.FromSeconds(30)),
                ProviderSettings.TimeError("Lists__Mailjet__JobTimeLimit", options.JobTimeLimit, most: TimeSpan.FromSeconds(90)),
            ];
            return ProviderSettings.Result(errors);
        }
    }
}
