using Gateway.Features.Connections;
using Gateway.Features.Mail.Api;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.Mailjet.MailjetMailOptions))]

namespace Gateway.Features.Mail.Mailjet;

/// <summary>An account at Mailjet that sends mails: the installation's, section <c>Mail:Mailjet</c>, or a connection's.</summary>
internal sealed class MailjetMailOptions : ApiOptions
{
    public const string Section = "Mail:Mailjet";

    public override Uri? BaseUrl { get; set; } = new("https://api.mailjet.com");

    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    [ConnectionSetting(IsSecret = true)]
    public string? SecretKey { get; set; }

    /// <summary>The end of the key, by which people find it on Mailjet's pages.</summary>
    public override string Name => ApiKeyText.NameOf(ApiKey);

    public override IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ApiKey) || !ApiKeyText.IsOne(SecretKey))
        {
            yield return "ApiKey and SecretKey are needed. Both stand on Mailjet's page \"API key management\".";
        }
    }
}
