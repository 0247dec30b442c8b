using Gateway.Features.Connections;
using Gateway.Features.Mail.Api;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Mail.Postmark.PostmarkOptions))]

namespace Gateway.Features.Mail.Postmark;

/// <summary>A server at Postmark: the installation's, section <c>Mail:Postmark</c>, or a connection's.</summary>
internal sealed class PostmarkOptions : ApiOptions
{
    public const string Section = "Mail:Postmark";

    public override Uri? BaseUrl { get; set; } = new("https://api.postmarkapp.com");

    /// <summary>Of the server, not of the account.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? ServerToken { get; set; }

    /// <summary>The id of the message stream that mails go into; Postmark's transactional one when it is left out.</summary>
    [ConnectionSetting]
    public string? MessageStream { get; set; }

    /// <summary>The end of the token, by which people find it on Postmark's pages.</summary>
    public override string Name => ApiKeyText.NameOf(ServerToken);

    public override IEnumerable<string> Errors()
    {
        if (!ApiKeyText.IsOne(ServerToken))
        {
            yield return "ServerToken is needed: the token on the page \"API Tokens\" of a server at Postmark, not that of the account.";
        }
    }
}
