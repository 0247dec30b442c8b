using Gateway.Features.Sms;
using Gateway.Features.Sms.Brevo;
using Gateway.Features.Sms.Mailjet;
using Gateway.Features.Sms.Twilio;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;
using Gateway.Tests.Sms.Vonage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Sms;

/// <summary>An adapter as the program sets it up, with the real network under it, and one message to send.</summary>
internal sealed class SmsAdapter : IAsyncDisposable
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";

    private readonly ServiceProvider _services;

    public SmsAdapter(string provider, string baseUrl, string timeLimit = "00:00:10")
    {
        var section = "Sms:" + provider;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IHostEnvironment>(new Production());
        services.AddSingleton(_ => MasterKey.Open(SharedMasterKey.WriteTo(Directory.CreateTempSubdirectory("gateway-sms-").FullName)));
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?> { [$"{section}:BaseUrl"] = baseUrl, [$"{section}:TimeLimit"] = timeLimit }
                )
                .Build()
        );
        services.AddSms();
        _services = services.BuildServiceProvider();
        Provider = _services.GetRequiredKeyedService<ISmsProvider>(provider);
        Account = provider switch
        {
            SmsRoute.Twilio => new TwilioOptions
            {
                AccountSid = AccountSid,
                AuthToken = "token",
                From = "+15005550006",
            },
            SmsRoute.Mailjet => new MailjetSmsOptions { Token = "token", From = "ACME" },
            SmsRoute.Vonage => VonageAccounts.New("ACME"),
            _ => new BrevoSmsOptions { ApiKey = "key", From = "ACME" },
        };
    }

    public ISmsProvider Provider { get; }

    public ISmsAccount Account { get; init; }

    public SmsMessage Sms { get; init; } =
        new()
        {
            Id = Guid.CreateVersion7(),
            Key = "key",
            ContentHash = [],
            Recipient = "+33612345678",
            Text = "Your code is 1234. À bientôt & merci = 100% 🎉",
            Encoding = SmsAlphabet.Ucs2,
            Parts = 1,
            Tries = 1,
            CalledAt = TimeProvider.System.GetUtcNow().UtcDateTime,
        };

    public SmsCall Call => new(Sms, Account, new Uri("https://gateway.example/providers/twilio/site_1/status?sms=sms_1&try=1"));

    public Task<SmsOutcome> SendAsync() => Provider.SendAsync(Call, CancellationToken.None);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    internal sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "Gateway";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
