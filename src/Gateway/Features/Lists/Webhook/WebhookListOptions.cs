using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Webhook.WebhookListOptions))]

namespace Gateway.Features.Lists.Webhook;

/// <summary>An address that hears of a list: the installation's, section <c>Lists:Webhook</c>, or a connection's.</summary>
internal sealed class WebhookListOptions : IConnectionSettings
{
    public const string Section = "Lists:Webhook";

    /// <summary>Where changes are posted to: https, on the public internet, as a hook's (<c>Hooks__AllowPrivateTargets</c>).</summary>
    [ConnectionSetting]
    public string? Url { get; set; }

    /// <summary>Signs each request (Standard Webhooks): <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? Secret { get; set; }

    public string Name => Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "";

    public IEnumerable<string> Errors()
    {
        if (Url is not { Length: > 0 })
        {
            yield return "Url is needed: the address that hears of changes, such as https://crm.example.org/members.";
        }

        if (Secret is null || !WebhookSignature.IsSecret(Secret))
        {
            yield return "Secret is needed: whsec_ and 24 to 64 random bytes in base64. Each request is signed with it.";
        }
    }

    public override string ToString() => $"Lists by webhook at {Name}";

    /// <summary>An address is needed only where a list names it.</summary>
    internal sealed class Validator : IValidateOptions<WebhookListOptions>
    {
        public ValidateOptionsResult Validate(string? name, WebhookListOptions options) =>
            ProviderSettings.Result(
                options.Url is { Length: > 0 } || options.Secret is { Length: > 0 }
                    ? options.Errors().Select(error => "Lists__Webhook__" + error)
                    : []
            );
    }
}
