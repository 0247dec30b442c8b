using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Mailchimp.MailchimpOptions))]

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>An account at Mailchimp: the installation's, section <c>Lists:Mailchimp</c>, or a connection's.</summary>
internal sealed partial class MailchimpOptions : IConnectionSettings
{
    public const string Section = "Lists:Mailchimp";

    /// <summary>Stands in <see cref="BaseUrl"/> for the data centre that the key names.</summary>
    private const string Place = "{dc}";

    /// <summary>Of the installation; a connection does not change it.</summary>
    public string BaseUrl { get; set; } = $"https://{Place}.api.mailchimp.com";

    /// <summary>Made at Mailchimp under Profile, Extras, API keys. Its end names the data centre: <c>…-us21</c>.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>For one call, of the installation.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    public string Name => ApiKeyText.NameOf(ApiKey);

    /// <summary>The data centre of the account; null when the key names none.</summary>
    public string? DataCentre => Key().Match(ApiKey ?? "") is { Success: true } key ? key.Groups[1].Value : null;

    public IEnumerable<string> Errors()
    {
        if (DataCentre is null)
        {
            yield return "ApiKey is needed. It is made at Mailchimp under Profile, Extras, API keys, and ends with its data centre: -us21.";
        }
    }

    /// <summary>The address of an account's API.</summary>
    public Uri AddressOf(MailchimpOptions account) => new(BaseUrl.Replace(Place, account.DataCentre, StringComparison.Ordinal));

    public override string ToString() => $"Mailchimp lists at {BaseUrl}";

    /// <summary>A data centre becomes a part of a host's name, so it may be nothing else.</summary>
    [GeneratedRegex("^[0-9A-Za-z]{8,}-([a-z]{2}[0-9]{1,3})$")]
    private static partial Regex Key();

    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<MailchimpOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailchimpOptions options)
        {
            _ = Uri.TryCreate(options.BaseUrl.Replace(Place, "us1", StringComparison.Ordinal), UriKind.Absolute, out var address);
            return ProviderSettings.Result([
                .. options.ApiKey is { Length: > 0 } ? options.Errors().Select(error => "Lists__Mailchimp__" + error) : [],
                ProviderSettings.UrlError("Lists__Mailchimp__BaseUrl", address, environment),
                ProviderSettings.TimeError("Lists__Mailchimp__TimeLimit", options.TimeLimit, most: TimeSpan.FromSeconds(30)),
            ]);
        }
    }
}
