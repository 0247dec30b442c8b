using Gateway.Features.Connections;
using Gateway.Features.Mail.Api;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.Resend.ResendOptions))]

namespace Gateway.Features.Mail.Resend;

/// <summary>An account at Resend: the installation's, section <c>Mail:Resend</c>, or a connection's.</summary>
internal sealed class ResendOptions : ApiOptions
{
    public const string Section = "Mail:Resend";

    private const string Prefix = "re_";

    public override Uri? BaseUrl { get; set; } = new("https://api.resend.com");

    /// <summary>Begins with <c>re_</c>. One that may only send is enough.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ApiKey { get; set; }

    /// <summary>The end of the key.</summary>
    public override string Name => ApiKeyText.NameOf(ApiKey);

    public override IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ApiKey) || !ApiKey!.StartsWith(Prefix, StringComparison.Ordinal))
        {
            yield return "ApiKey is needed: a key of Resend's page \"API Keys\", which begins with re_. What begins with whsec_ signs "
                + "events.";
        }
    }
}
