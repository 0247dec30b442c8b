using System.Globalization;
using Gateway.Features.Connections;
using Gateway.Features.Mail.AmazonSes;
using Gateway.Features.Mail.Brevo;
using Gateway.Features.Mail.Resend;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.Adapters;

/// <summary>Amazon SES by its SMTP interface, as the transport of the installation.</summary>
public sealed class SesMailTests
{
    [Fact]
    public async Task A_mail_names_its_configuration_set_and_the_tag_that_its_events_give_back()
    {
        await using var ses = new ScriptedSmtp { Offers = ["AUTH PLAIN"] };
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(
            database,
            null,
            ("Mail__Transport", "ses"),
            ("Mail__Ses__Region", "eu-central-1"),
            ("Mail__Ses__User", "AKIAEXAMPLE"),
            ("Mail__Ses__Password", new string('B', 44)),
            ("Mail__Ses__ConfigurationSet", "newsletter"),
            ("Mail__Ses__Host", "127.0.0.1"),
            ("Mail__Ses__Port", ses.Port.ToString(CultureInfo.InvariantCulture)),
            ("Mail__Ses__Security", "none")
        );
        var site = await replica.AddSiteAsync();

        await site.SignUpAsync("ada@example.org");
        await replica.WorkAsync();

        var mail = Assert.Single(ses.Mails);
        Assert.Contains("X-SES-CONFIGURATION-SET: newsletter\r\n", mail, StringComparison.Ordinal);
        Assert.Matches("(?m)^X-SES-MESSAGE-TAGS: gateway=msg_[0-9a-f]{32}\r$", mail);
    }

    [Fact]
    public void A_region_leads_to_its_server() =>
        Assert.Equal(
            "email-smtp.eu-central-1.amazonaws.com:587 (starttls, signs in)",
            $"{new SesOptions { Region = "eu-central-1", User = "u", Password = "p" }.ToSmtp(new())}"
        );

    [Fact]
    public void A_key_of_another_kind_is_told_before_anybody_is_asked()
    {
        Assert.Contains(
            "secret of an access key",
            ErrorOf(
                new SesOptions
                {
                    Region = "eu-west-1",
                    User = "AKIA",
                    Password = new('s', 40),
                }
            )
        );
        Assert.Contains(
            "Region must be",
            ErrorOf(
                new SesOptions
                {
                    Region = "Frankfurt",
                    User = "AKIA",
                    Password = new('B', 44),
                }
            )
        );
        Assert.Contains("a key for SMTP", ErrorOf(new BrevoMailOptions { ApiKey = "xsmtpsib-0123456789abcdef" }));
        Assert.Contains("begins with re_", ErrorOf(new ResendOptions { ApiKey = "whsec_0123456789abcdef" }));
    }

    private static string ErrorOf(IConnectionSettings settings) => Assert.Single(settings.Errors());
}
