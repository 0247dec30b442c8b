using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Mailjet.MailjetOptions))]

namespace Gateway.Features.Lists.Mailjet;

/// <summary>An account at Mailjet: the installation's, section <c>Lists:Mailjet</c>, or a connection's.</summary>
internal sealed class MailjetOptions : IConnectionSettings
{
    public const string Section = "Lists:Mailjet";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public Uri? BaseUrl { get; set; } = new("https://api.mailjet.com");

    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    [ConnectionSetting(IsSecret = true)]
    public string? SecretKey { get; set; }

    /// <summary>For one call, of the installation.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a job for many contacts is watched before it is pushed again later.</summary>
    public TimeSpan JobTimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The end of the key, by which people find it on Mailjet's pages.</summary>
    public string Name => ApiKeyText.NameOf(ApiKey);

    public IEnumerable<string> Errors()
    {
        if (ApiKey is not { Length: > 0 } || SecretKey is not { Length: > 0 })
        {
            yield return "ApiKey and SecretKey are needed. Both stand on Mailjet's page \"API key management\".";
        }
    }

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
