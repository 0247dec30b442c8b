using Gateway.Features.Connections;
using Gateway.Features.Mail.Api;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.Brevo.BrevoMailOptions))]

namespace Gateway.Features.Mail.Brevo;

/// <summary>An account at Brevo that sends mails: the installation's, section <c>Mail:Brevo</c>, or a connection's.</summary>
internal sealed class BrevoMailOptions : ApiOptions
{
    public const string Section = "Mail:Brevo";

    private const string SmtpKey = "xsmtpsib-";

    public override Uri? BaseUrl { get; set; } = new("https://api.brevo.com");

    /// <summary>Begins with <c>xkeysib-</c>.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>The end of the key, by which people find it on Brevo's pages.</summary>
    public override string Name => ApiKeyText.NameOf(ApiKey);

    public override IEnumerable<string> Errors()
    {
        if (ApiKey?.StartsWith(SmtpKey, StringComparison.Ordinal) == true)
        {
            yield return "ApiKey is a key for SMTP (xsmtpsib-…). One of the API is needed (xkeysib-…), from the other tab of Brevo's page "
                + "\"SMTP & API\"; or connect by SMTP with this one.";
        }
        else if (!ApiKeyText.IsOne(ApiKey))
        {
            yield return "ApiKey is needed. It is made on Brevo's page \"SMTP & API\".";
        }
    }
}
