using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Sandbox;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.NameServers;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Admin;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail.Adapters;
using Gateway.Tests.Mail.SenderDomains;
using Gateway.Tests.Sms.Brevo;
using Gateway.Tests.Sms.Twilio;
using Gateway.Tests.Sms.Vonage;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;

namespace Gateway.Tests.Hosting;

/// <summary>
/// The whole program over a real database; only the clock and the network are replaced. One for all tests but those that move the clock;
/// each test makes its own site, so none shares rows.
/// </summary>
public sealed class GatewayUnderTest : WebApplicationFactory<Program>
{
    private static readonly Lazy<GatewayUnderTest> One = new(() => Start(isMeasured: false));

    // Hangfire's storage and its log are set process-wide while a gateway starts: one after the other.
    private static readonly Lazy<GatewayUnderTest> Moved = new(() =>
    {
        _ = One.Value;
        return Start(isMeasured: true);
    });

    private readonly TestDatabase _database = new();
    private readonly bool _isMeasured;
    private RequestDelegate? _pipeline;

    private GatewayUnderTest(bool isMeasured)
    {
        _isMeasured = isMeasured;
        Mailjet = new(Network);
        Brevo = new(Network);
        MailerLite = new(Network);
        MailApis = new(this);
        Twilio = new(this);
        Vonage = new(this);
        BrevoSms = new(this);
    }

    public static GatewayUnderTest Shared => One.Value;

    /// <summary>For the tests of <see cref="MovesTheClock"/>.</summary>
    public static GatewayUnderTest OfMovedClock => Moved.Value;

    internal TestClock Clock { get; } = new();

    internal FakeNetwork Network { get; } = new();

    internal MailRoutes Mail { get; } = new();

    internal SmsScripts Sms { get; } = new();

    internal FakeMailjet Mailjet { get; }

    internal FakeBrevo Brevo { get; }

    internal FakeMailerLite MailerLite { get; }

    internal FakeMailApis MailApis { get; }

    internal FakeTwilio Twilio { get; }

    internal FakeVonage Vonage { get; }

    internal FakeBrevoSms BrevoSms { get; }

    internal FakeNames Names { get; } = new();

    internal ScriptedDns Dns { get; } = new();

    /// <summary>Everything that was logged so far, to look for what must not be in it.</summary>
    internal IEnumerable<string> LogLines() =>
        Services.GetFakeLogCollector().GetSnapshot().Select(line => $"{line.Category}: {line.Message} {line.Exception}");

    internal string Folder => _database.Folder;

    internal async Task<SiteUnderTest> NewSiteAsync(Action<Site>? change = null, Action<ContactList>? list = null)
    {
        var site = new Site { Name = "Ann's Shop", FromEmail = "news@shop.example" };
        change?.Invoke(site);
        await using var scope = Services.CreateAsyncScope();
        var keys = await scope.ServiceProvider.GetRequiredService<SiteCredentials>().AddSiteAsync(site, CancellationToken.None);
        var newsletter = new ContactList
        {
            Id = Guid.CreateVersion7(),
            SiteId = site.Id,
            Name = "Newsletter",
            CreatedAt = Clock.GetUtcNow().UtcDateTime,
        };
        list?.Invoke(newsletter);
        await InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Lists.Add(newsletter);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        return new SiteUnderTest(this, site, keys, newsletter);
    }

    /// <summary>Answers a request that came by another server than the factory's own.</summary>
    internal async Task ServeAsync(HttpContext http)
    {
        await using var scope = Services.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        await _pipeline!(http);
    }

    internal Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => InScopeAsync(work);

    /// <summary>Does what the command line would do, with one of the program's own classes.</summary>
    internal async Task<T> InScopeAsync<TClass, T>(Func<TClass, Task<T>> work)
        where TClass : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TClass>());
    }

    /// <summary>The same inside a transaction, for classes that expect their caller to have begun one.</summary>
    internal Task<T> InTransactionAsync<TClass, T>(Func<TClass, Task<T>> work)
        where TClass : notnull =>
        InScopeAsync<IServiceProvider, T>(scope =>
            scope.GetRequiredService<GatewayDb>().WriteAsync(() => work(scope.GetRequiredService<TClass>()), CancellationToken.None)
        );

    /// <summary>Moves the clock on and lets every worker look at what has come due.</summary>
    internal void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Signal();
    }

    /// <summary>
    /// The same between two batches, for a test that moves the clock again and again: a clock that jumps while something is on its way
    /// takes it from its worker, and it waits for the end of its lease.
    /// </summary>
    internal async Task AdvanceBetweenBatchesAsync(TimeSpan by)
    {
        using (await Services.GetRequiredService<InFlight>().AloneAsync(Eventually.Patience, CancellationToken.None))
        {
            Clock.Advance(by);
        }

        Signal();
    }

    internal void Signal()
    {
        var signals = Services.GetRequiredService<QueueWorkerSignals>();
        foreach (var worker in Services.GetServices<QueueWorkerRegistration>())
        {
            signals.Of(worker.Type).Set();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:Gateway", _database.ConnectionString);
        builder.UseSetting("Gateway:PublicUrl", "http://localhost");
        builder.UseSetting("Gateway:MasterKeyFile", Path.Combine(_database.Folder, "master.pem"));
        builder.UseSetting("Gateway:Limits:AddressPerMinute", "100000");
        builder.UseSetting("Lists:CompareHours", "0");
        builder.UseSetting("Gateway:Oidc:Authority", "https://issuer.test");
        builder.UseSetting("Gateway:Oidc:Audience", "gateway");
        builder.UseSetting("Gateway:Oidc:SiteClaim", "gateway_site");
        builder.UseSetting("Gateway:Admin:Oidc:Authority", IssuerUnderTest.Authority);
        builder.UseSetting("Gateway:Admin:Oidc:ClientId", IssuerUnderTest.ClientId);
        builder.UseSetting("Gateway:Admin:Oidc:ClientSecret", IssuerUnderTest.ClientSecret);
        builder.UseSetting("Gateway:Admin:Oidc:Operators", "gateway-operators");
        builder.UseSetting("Gateway:Admin:Oidc:SiteManagers", "shop-team=site_00000000000000000000000000000001");
        builder.UseSetting("Gateway:Admin:Oidc:Viewers", "shop-readers=site_00000000000000000000000000000001");
        builder.UseSetting("Gateway:Admin:Oidc:PrivacyOfficers", "shop-privacy=site_00000000000000000000000000000001");
        builder.UseSetting("Gateway:SecurityContact", "security@gateway.test, https://gateway.test/report");
        builder.UseSetting("Gateway:Limits:SignInPerMinute", "100000");
        builder.UseSetting("Gateway:Limits:FailuresPerMinute", "100000");
        builder.UseSetting("Gateway:Limits:TokensPerMinute", "100000");
        builder.UseSetting("Gateway:Limits:UnsubscribesPerMinute", "100000");
        builder.UseSetting("Gateway:Limits:AdminPerMinute", "100000");
        builder.UseSetting("Gateway:Limits:CallerBurst", "100000");
        builder.UseSetting("Gateway:Limits:CallerPerSecond", "100000");
        foreach (var (name, value) in NoBudgets.Settings)
        {
            builder.UseSetting(name.Replace("__", ":", StringComparison.Ordinal), value);
        }

        builder.UseSetting("Lists:Mailjet:BaseUrl", "http://mailjet.test");
        builder.UseSetting("Lists:Mailjet:ApiKey", "key");
        builder.UseSetting("Lists:Mailjet:SecretKey", "secret");

        // Short for the tests whose provider says nothing, and long enough for all others on a busy machine.
        builder.UseSetting("Lists:Mailjet:TimeLimit", "00:00:08");
        builder.UseSetting("Lists:Mailjet:JobTimeLimit", "00:00:02");
        builder.UseSetting("Lists:Mailchimp:BaseUrl", "http://{dc}.mailchimp.test");
        builder.UseSetting("Lists:MailerLite:BaseUrl", "http://mailerlite.test");
        builder.UseSetting("Lists:Brevo:BaseUrl", "http://brevo.test");
        builder.UseSetting("Lists:Brevo:ApiKey", "key");
        builder.UseSetting("Lists:Brevo:TimeLimit", "00:00:08");
        builder.UseSetting("Mail:Mailjet:BaseUrl", "http://send.mailjet.test");
        builder.UseSetting("Mail:Brevo:BaseUrl", "http://send.brevo.test");
        builder.UseSetting("Mail:Postmark:BaseUrl", "http://postmark.test");
        builder.UseSetting("Mail:Resend:BaseUrl", "http://resend.test");
        builder.UseSetting("Sms:Twilio:BaseUrl", "http://twilio.test");
        builder.UseSetting("Sms:Twilio:TimeLimit", "00:00:10");
        builder.UseSetting("Sms:Vonage:BaseUrl", "http://vonage.test");
        builder.UseSetting("Sms:Vonage:AccountUrl", "http://vonage-account.test");
        builder.UseSetting("Sms:Brevo:BaseUrl", "http://brevo-sms.test");
        builder.UseSetting("Hooks:TimeLimit", "00:00:08");
        builder.ConfigureLogging(logging =>
            logging.AddFakeLogging(collector =>
                collector.FilteredLevels = new HashSet<LogLevel>
                {
                    LogLevel.Information,
                    LogLevel.Warning,
                    LogLevel.Error,
                    LogLevel.Critical,
                }
            )
        );
        builder.ConfigureTestServices(services =>
        {
            if (!_isMeasured)
            {
                Economy.ReadElsewhere(services);
            }

            new UndoneOnce().Apply(services);

            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<INameResolver>(Names);

            // Each test makes sites, and looks at its own.
            services.AddSingleton(new CheckPace(TimeSpan.FromDays(1)));
            services.AddSingleton<IDnsAnswers>(Dns);
            services.AddSingleton<IStartupFilter>(new Pipeline(pipeline => _pipeline = pipeline));
            services.Configure<JwtBearerOptions>("Oidc", options => options.BackchannelHttpHandler = Network);
            services.Configure<OpenIdConnectOptions>(AdminOidc.Scheme, options => options.BackchannelHttpHandler = Network);
            services.AddSingleton(provider => Mail.Over(provider.GetRequiredKeyedService<IMailTransport>(MailOptions.MailboxTransport)));
            services.AddKeyedSingleton<ISmsProvider>(SmsRoute.Sandbox, (_, _) => Sms.Over(new SandboxSms()));
            services.Configure<PrometheusAspNetCoreOptions>(metrics => metrics.ScrapeResponseCacheDurationMilliseconds = 0);
            services.PostConfigureAll<HttpClientFactoryOptions>(options =>
                options.HttpMessageHandlerBuilderActions.Add(handler =>
                {
                    Network.Keep(handler.Name!, handler.PrimaryHandler);
                    handler.PrimaryHandler = Network;
                })
            );
        });
    }

    /// <summary>Keeps what answers a request, from its first part on.</summary>
    private sealed class Pipeline(Action<RequestDelegate> keep) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(pipeline =>
                {
                    keep(pipeline);
                    return pipeline;
                });
                next(app);
            };
    }

    /// <param name="isMeasured">Whether its metrics are those of the process, which tests read.</param>
    private static GatewayUnderTest Start(bool isMeasured)
    {
        var gateway = new GatewayUnderTest(isMeasured);

        // The factory starts its host at first use, and two test classes that use it at once would start two.
        _ = gateway.Services;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => gateway.CleanUp();
        return gateway;
    }

    private void CleanUp()
    {
        Dispose();
        _database.Dispose();
    }
}

/// <summary>Waiting for what workers do: until it is so, with an end.</summary>
internal static class Eventually
{
    /// <summary>Only a test that fails waits for so long: on a busy machine all others still find what they wait for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<T> BecomesAsync<T>(Func<Task<T>> look, Func<T, bool> enough, TimeSpan? patience = null)
    {
        using var end = new CancellationTokenSource(patience ?? Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await look();
            if (enough(seen))
            {
                return seen;
            }

            try
            {
                await pace.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"After {(patience ?? Patience).TotalSeconds} s it is still: {seen}");
            }
        }
    }

    public static Task BecomesTrueAsync(Func<Task<bool>> look, TimeSpan? patience = null) => BecomesAsync(look, seen => seen, patience);
}
