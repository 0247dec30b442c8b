using System.Security.Cryptography;
using Gateway.Features.Sms;
using Gateway.Infrastructure;
using Gateway.Tests.Sms.Vonage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Sms;

public sealed class SmsProviderSettingsTests
{
    private static readonly Dictionary<string, string?> Twilio = new()
    {
        ["Sms:Route"] = "twilio",
        ["Sms:Countries"] = "FR",
        ["Sms:Twilio:AccountSid"] = SmsAdapter.AccountSid,
        ["Sms:Twilio:AuthToken"] = "a secret token",
        ["Sms:Twilio:From"] = "+15005550006",
    };

    private static readonly Dictionary<string, string?> Mailjet = new()
    {
        ["Sms:Route"] = "mailjet",
        ["Sms:Countries"] = "FR",
        ["Sms:Mailjet:Token"] = "a secret token",
        ["Sms:Mailjet:From"] = "ACME",
    };

    private static readonly Dictionary<string, string?> Vonage = new()
    {
        ["Sms:Route"] = "vonage",
        ["Sms:Countries"] = "FR",
        ["Sms:Vonage:ApiKey"] = "abcd1234",
        ["Sms:Vonage:ApiSecret"] = "a secret",
        ["Sms:Vonage:ApplicationId"] = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
        ["Sms:Vonage:PrivateKey"] = VonageAccounts.Pem,
        ["Sms:Vonage:SignatureSecret"] = "a secret",
        ["Sms:Vonage:From"] = "ACME",
    };

    private static readonly Dictionary<string, string?> Brevo = new()
    {
        ["Sms:Route"] = "brevo",
        ["Sms:Countries"] = "FR",
        ["Sms:Brevo:ApiKey"] = "xkeysib-a-secret-key",
        ["Sms:Brevo:From"] = "ACME",
    };

    [Fact]
    public void Without_a_route_no_account_is_needed() => Assert.Empty(Errors([]));

    [Fact]
    public void A_whole_account_is_enough()
    {
        Assert.Empty(Errors(Twilio));
        Assert.Empty(Errors(Mailjet));
        Assert.Empty(Errors(Vonage));
        Assert.Empty(
            Errors(
                new(Vonage)
                {
                    ["Sms:Vonage:PrivateKey"] = VonageAccounts.Pem.ReplaceLineEndings("\\n"),
                    ["Sms:Vonage:From"] = "+15005550006, 12345, My Shop",
                }
            )
        );
        Assert.Empty(Errors(new(Brevo) { ["Sms:Brevo:From"] = "ACME, +33612345678" }));
        Assert.Empty(
            Errors(new(Twilio) { ["Sms:Twilio:SharedKeys"] = "webhooks_sharedkey_1=c2VjcmV0PQ==, webhooks_sharedkey_2=other," })
        );
        Assert.Empty(
            Errors(new(Twilio) { ["Sms:Twilio:From"] = "+15005550006, 12345, R&D + Co_-1, MG0123456789abcdef0123456789abcdef" })
        );
        Assert.Empty(
            Errors(new(Twilio) { ["Sms:Twilio:From"] = null, ["Sms:Twilio:MessagingServiceSid"] = "MG0123456789abcdef0123456789abcdef" })
        );
    }

    [Theory]
    [InlineData("AccountSid", null)]
    [InlineData("AccountSid", "SK0123456789abcdef0123456789abcdef")]
    [InlineData("AuthToken", null)]
    [InlineData("SharedKeys", "webhooks_sharedkey_1")]
    [InlineData("SharedKeys", "webhooks_sharedkey_1=")]
    [InlineData("SharedKeys", "=a secret")]
    [InlineData("SharedKeys", "webhooks_sharedkey_1=a secret,another secret")]
    [InlineData("SharedKeys", "webhooks_sharedkey_1=a secret,webhooks_sharedkey_1=a newer secret")]
    [InlineData("From", null)]
    [InlineData("From", "ACME, Ann's Shop & Co Ltd")]
    [InlineData("From", "06123")]
    [InlineData("From", "15005550006")]
    [InlineData("From", "+0500555000")]
    [InlineData("From", "12 34")]
    [InlineData("ApiKey", "SK0123456789abcdef0123456789abcdef")]
    [InlineData("MessagingServiceSid", "MG1")]
    [InlineData("MessagesPerSecond", "-1")]
    [InlineData("BaseUrl", "http://twilio.example")]
    [InlineData("TimeLimit", "00:02:00")]
    public void A_fault_of_the_Twilio_account_stops_the_start_with_a_sentence(string setting, string? value)
    {
        var sentence = Assert.Single(Errors(new(Twilio) { ["Sms:Twilio:" + setting] = value }));
        Assert.StartsWith("Sms__Twilio__" + setting, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Token", null)]
    [InlineData("From", null)]
    [InlineData("From", "ACME, a long name")]
    [InlineData("MessagesPerSecond", "-1")]
    [InlineData("BaseUrl", "http://mailjet.example")]
    [InlineData("TimeLimit", "00:00:00")]
    public void A_fault_of_the_Mailjet_account_stops_the_start_with_a_sentence(string setting, string? value) =>
        Assert.StartsWith(
            "Sms__Mailjet__" + setting,
            Assert.Single(Errors(new(Mailjet) { ["Sms:Mailjet:" + setting] = value })),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("ApiKey", null)]
    [InlineData("ApiKey", "not a key")]
    [InlineData("ApiSecret", null)]
    [InlineData("ApplicationId", "my application")]
    [InlineData("PrivateKey", null)]
    [InlineData("PrivateKey", "-----BEGIN PRIVATE KEY----- a secret")]
    [InlineData("SignatureSecret", null)]
    [InlineData("From", null)]
    [InlineData("From", "ACME, a name that is too long")]
    [InlineData("MessagesPerSecond", "-1")]
    [InlineData("BaseUrl", "http://vonage.example")]
    [InlineData("AccountUrl", "http://vonage.example")]
    [InlineData("TimeLimit", "00:02:00")]
    public void A_fault_of_the_Vonage_account_stops_the_start_with_a_sentence(string setting, string? value)
    {
        var sentence = Assert.Single(Errors(new(Vonage) { ["Sms:Vonage:" + setting] = value }));
        Assert.StartsWith("Sms__Vonage__" + setting, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_public_half_of_a_key_and_a_short_one_are_no_private_key()
    {
        using var weak = RSA.Create(1024);
        foreach (var pem in new[] { VonageAccounts.PublicPem(VonageAccounts.Pem), weak.ExportPkcs8PrivateKeyPem() })
        {
            Assert.StartsWith(
                "Sms__Vonage__PrivateKey",
                Assert.Single(Errors(new(Vonage) { ["Sms:Vonage:PrivateKey"] = pem })),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("ApiKey", null)]
    [InlineData("From", null)]
    [InlineData("From", "My Shop")]
    [InlineData("MessagesPerSecond", "-1")]
    [InlineData("BaseUrl", "http://brevo.example")]
    [InlineData("TimeLimit", "00:00:00")]
    public void A_fault_of_the_Brevo_account_stops_the_start_with_a_sentence(string setting, string? value) =>
        Assert.StartsWith(
            "Sms__Brevo__" + setting,
            Assert.Single(Errors(new(Brevo) { ["Sms:Brevo:" + setting] = value })),
            StringComparison.Ordinal
        );

    [Fact]
    public void Accounts_do_not_print_their_secrets()
    {
        var account = new Gateway.Features.Sms.Twilio.TwilioOptions { AuthToken = "a secret", SharedKeys = "key=a secret" };
        Assert.DoesNotContain("secret", $"{account}", StringComparison.Ordinal);
        Assert.DoesNotContain(
            "secret",
            $"{new Gateway.Features.Sms.Mailjet.MailjetSmsOptions { Token = "a secret" }}",
            StringComparison.Ordinal
        );
        var vonage = $"{VonageAccounts.New("ACME", signatureSecret: "a secret")}";
        Assert.DoesNotContain("secret", vonage, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", vonage, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "secret",
            $"{new Gateway.Features.Sms.Brevo.BrevoSmsOptions { ApiKey = "a secret" }}",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Senders_come_in_order_and_accounts_have_different_names()
    {
        ISmsAccount twilio = new Gateway.Features.Sms.Twilio.TwilioOptions { From = " +15005550006,ACME ", MessagingServiceSid = "MG1" };
        ISmsAccount one = new Gateway.Features.Sms.Mailjet.MailjetSmsOptions { Token = "one" },
            other = new Gateway.Features.Sms.Mailjet.MailjetSmsOptions { Token = "other" };

        Assert.Equal(["+15005550006", "ACME", "MG1"], twilio.Senders);
        Assert.NotEqual(one.Name, other.Name);
    }

    private static IReadOnlyList<string> Errors(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton<IHostEnvironment>(new SmsAdapter.Production());
        services.AddSms();
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception error) when (StartupErrors.Sentences(error) is { } sentences)
        {
            return sentences;
        }
    }
}
