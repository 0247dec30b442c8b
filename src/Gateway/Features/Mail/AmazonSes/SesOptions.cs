using System.Text.RegularExpressions;
using Gateway.Features.Connections;
using Gateway.Features.Mail.Smtp;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.AmazonSes.SesOptions))]

namespace Gateway.Features.Mail.AmazonSes;

/// <summary>
/// Amazon SES by its SMTP interface: the installation's account, section <c>Mail:Ses</c>, or a connection's. Why not by its API: ADR 39.
/// </summary>
internal sealed partial class SesOptions : IConnectionSettings
{
    public const string Section = "Mail:Ses";

    /// <summary>The secret of an access key has as many letters; a password for SMTP, which is made from one, has 44.</summary>
    private const int AccessKeySecretLength = 40;

    /// <summary>Such as <c>eu-central-1</c>.</summary>
    [ConnectionSetting]
    public string? Region { get; set; }

    /// <summary>Of the SMTP credentials that are made on the page "SMTP settings" of SES.</summary>
    [ConnectionSetting]
    public string? User { get; set; }

    [ConnectionSetting(IsSecret = true)]
    public string? Password { get; set; }

    /// <summary>The name of the configuration set whose events are told; null is the identity's default one.</summary>
    [ConnectionSetting]
    public string? ConfigurationSet { get; set; }

    /// <summary>Of the installation: where the interface is, if not in public; such as a VPC endpoint's name.</summary>
    public string? Host { get; set; }

    /// <summary>Of the installation.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Of the installation: as <see cref="SmtpOptions.Security"/>.</summary>
    public string Security { get; set; } = "starttls";

    string IConnectionSettings.Name => $"{Region} ({User})";

    public IEnumerable<string> Errors()
    {
        if (Region is null || !RegionName().IsMatch(Region))
        {
            yield return "Region must be the region that SES is set up in, such as eu-central-1.";
        }

        if (User is not { Length: > 0 } || Password is not { Length: > 0 })
        {
            yield return "User and Password are needed: SMTP credentials, from the page \"SMTP settings\" of Amazon SES.";
        }
        else if (Password.Length == AccessKeySecretLength)
        {
            yield return "Password is the secret of an access key. SES takes SMTP credentials, which are made on its page "
                + "\"SMTP settings\".";
        }

        if (ConfigurationSet is { Length: > 0 } && !ConfigurationSetName().IsMatch(ConfigurationSet))
        {
            yield return "ConfigurationSet has letters, digits, - and _ only, at most 64.";
        }
    }

    /// <summary>The server behind it.</summary>
    /// <param name="installation">Where it is says the operator, also for a connection.</param>
    public SmtpOptions ToSmtp(SesOptions installation) =>
        new()
        {
            Host = installation.Host is { Length: > 0 } host ? host : $"email-smtp.{Region}.amazonaws.com",
            Port = installation.Port,
            Security = installation.Security,
            User = User,
            Password = Password,
        };

    /// <summary>Without the credentials, which belong in no log.</summary>
    public override string ToString() => $"Amazon SES in {Region}";

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$")]
    private static partial Regex RegionName();

    /// <summary>Amazon SES, CreateConfigurationSet.</summary>
    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ConfigurationSetName();

    /// <summary>An account is needed only where the installation's mails go over it.</summary>
    internal sealed class Validator(IOptions<MailOptions> mail) : IValidateOptions<SesOptions>
    {
        public ValidateOptionsResult Validate(string? name, SesOptions options) =>
            ProviderSettings.Result([
                .. mail.Value.Transport == SesMail.Key ? options.Errors().Select(error => "Mail__Ses__" + error) : [],
                Enum.GetNames<SmtpSecurity>().Contains(options.Security, StringComparer.OrdinalIgnoreCase)
                    ? null
                    : "Mail__Ses__Security must be auto, none, starttls or tls.",
                options.Port is >= 1 and <= 65_535 ? null : "Mail__Ses__Port must be a port number; 587 is the usual choice.",
            ]);
    }
}
