using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Demo;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.NameServers;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Mail.SenderDomains;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Gateway.Tests.Hosting;

/// <summary>
/// A gateway in this process with settings and a clock of its own, beside the one that all tests share, and perhaps beside another on the
/// same database. Requests come in by HTTP; its workers work when the test says so, which makes every outcome certain.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Replica(WebApplication app, TestDatabase database, TestClock clock, FakeMailServers servers)
    {
        (_app, Database, Clock, Servers) = (app, database, clock, servers);
        Browser = app.GetTestClient();
    }

    public TestDatabase Database { get; }

    public TestClock Clock { get; }

    public FakeMailServers Servers { get; }

    public HttpClient Browser { get; }

    public IServiceProvider Services => _app.Services;

    /// <returns>A browser of its own, which keeps cookies and follows no redirects.</returns>
    public HttpClient NewBrowser() =>
        new(new CookieContainerHandler { InnerHandler = _app.GetTestServer().CreateHandler() }) { BaseAddress = Browser.BaseAddress };

    /// <returns>What calls from an address of its own; of all others the gateway knows no address.</returns>
    public HttpClient CallerAt(IPAddress address) =>
        new(_app.GetTestServer().CreateHandler(http => http.Connection.RemoteIpAddress = address)) { BaseAddress = Browser.BaseAddress };

    public IEnumerable<string> LogLines() => Services.GetFakeLogCollector().GetSnapshot().Select(line => $"{line.Level}: {line.Message}");

    /// <param name="settings">As environment variables name them; all others have their defaults.</param>
    public static async Task<Replica> StartAsync(
        TestDatabase database,
        TestClock? clock = null,
        params (string Name, string Value)[] settings
    )
    {
        clock ??= new TestClock();
        var servers = new FakeMailServers();
        var undo = new UndoneOnce();
        Dictionary<string, string> all = new(database.Settings.Where(one => !NoBudgets.Settings.ContainsKey(one.Key)))
        {
            // Its workers are the test's.
            ["Gateway__Roles"] = "api",
        };
        settings.ToList().ForEach(one => all[one.Name] = one.Value);
        var app = GatewayHost.Build(
            [
                "--applicationName=Gateway",
                "--environment=Development",
                "--hostBuilder:reloadConfigOnChange=false",
                $"--contentRoot={AppContext.BaseDirectory}",
                .. all.Select(one => $"--{one.Key.Replace("__", ":", StringComparison.Ordinal)}={one.Value}"),
            ],
            services =>
            {
                services.AddSingleton<IServer, TestServer>();
                services.AddSingleton<TimeProvider>(clock);
                services.AddSingleton<IMailServerLookup>(servers);
                services.AddSingleton<IDnsAnswers>(new ScriptedDns());
                services.AddLogging(logging => logging.ClearProviders().AddFakeLogging());
                services.AddSingleton(undo);
                undo.Apply(services);
                Economy.Apply(services);
                foreach (var unneeded in services.Where(IsUnneeded).ToList())
                {
                    services.Remove(unneeded);
                }
            }
        );
        await GatewayHost.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        return new(app, database, clock, servers);
    }

    public async Task<ReplicaSite> AddSiteAsync(int lists = 1, Action<Site>? change = null)
    {
        var site = new Site { Name = "Ann's Shop", FromEmail = "news@shop.example" };
        change?.Invoke(site);
        var keys = await InScopeAsync<SiteCredentials, IssuedKeys>(store => store.AddSiteAsync(site, CancellationToken.None));
        var rows = Enumerable
            .Range(1, lists)
            .Select(number => new ContactList
            {
                Id = Guid.CreateVersion7(),
                SiteId = site.Id,
                Name = $"Newsletter {number}",
                CreatedAt = Clock.GetUtcNow().UtcDateTime,
            })
            .ToList();
        await InDatabaseAsync(db => db.WriteAsync(() => db.InsertNewAsync(rows, CancellationToken.None), CancellationToken.None));
        return new(this, site, keys, [.. rows.Select(list => PublicId.Format(PublicId.List, list.Id))]);
    }

    /// <summary>From now on the database undoes each transaction the first time.</summary>
    public void UndoEachOnce() => Services.GetRequiredService<UndoneOnce>().IsOn = true;

    public Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => InScopeAsync(work);

    public async Task<T> InScopeAsync<TClass, T>(Func<TClass, Task<T>> work)
        where TClass : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TClass>());
    }

    /// <summary>Lets a worker do all that it has in memory, and all that is due.</summary>
    public async Task WorkAsync<TWorker>()
        where TWorker : IQueueWorker
    {
        while (
            await InScopeAsync<TWorker, int>(worker => (worker as IFreshQueueWorker)?.RunFreshBatchAsync(default) ?? Task.FromResult(0))
                + await InScopeAsync<TWorker, int>(worker => worker.RunBatchAsync(default))
            > 0
        ) { }
    }

    /// <summary>Processes what came in, tries what was held back, and sends.</summary>
    public async Task WorkAsync()
    {
        await WorkAsync<ProcessSubmissions>();
        await WorkAsync<ExpireRequests>();
        await WorkAsync<SendMessages>();
    }

    /// <summary>Time passes, and the workers see what has come due.</summary>
    public Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return WorkAsync();
    }

    /// <summary>The mails that left, whomever they were for.</summary>
    public async Task<List<MimeMessage>> MailsAsync() =>
        (await InDatabaseAsync(db => db.MailboxMessages.AsNoTracking().OrderBy(row => row.Id).ToListAsync())).ConvertAll(row =>
            MimeMessage.Load(new MemoryStream(row.Mime))
        );

    public async Task<int> CountMailsAsync()
    {
        await WorkAsync();
        return await InDatabaseAsync(db => db.MailboxMessages.CountAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool IsUnneeded(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType == typeof(QueueWorkerStarter) || service.ImplementationType == typeof(FirstRun));
}

/// <summary>A site of a replica, and what its plugin sends.</summary>
internal sealed record ReplicaSite(Replica Replica, Site Row, IssuedKeys Keys, IReadOnlyList<string> Lists)
{
    /// <summary>Signs addresses up for the first list, up to 100 in a call as the plugin does.</summary>
    /// <param name="ip">The address of each one's visitor; by default nobody knows it.</param>
    public async Task SignUpAsync(IEnumerable<string> emails, Func<int, string?>? ip = null)
    {
        foreach (var (some, call) in emails.Chunk(100).Select((some, call) => (some, call)))
        {
            var items = some.Select((email, at) => Submission(email, ip?.Invoke((call * 100) + at), Lists.Take(1)));
            var answer = await CallAsync(HttpMethod.Post, "submissions/batch", new JsonObject { ["items"] = new JsonArray([.. items]) });
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.All(answer.Json["results"]!.AsArray(), item => Assert.Equal(202, (int)item!["status"]!));
        }
    }

    /// <summary>One form, whose box is for several lists.</summary>
    public async Task<Answer> SignUpAsync(string email, string? ip = null, int lists = 1)
    {
        var answer = await CallAsync(HttpMethod.Post, "submissions", Submission(email, ip, Lists.Take(lists)));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer;
    }

    public Task<Answer> StatusAsync() => CallAsync(HttpMethod.Get, "status", null);

    public Task<List<OptInRequest>> RequestsAsync() =>
        Replica.InDatabaseAsync(db =>
            db.OptInRequests.AsNoTracking().Where(row => row.SiteId == Row.Id).OrderBy(row => row.Id).ToListAsync()
        );

    private async Task<Answer> CallAsync(HttpMethod method, string path, JsonObject? json)
    {
        var body = json is null ? [] : Encoding.UTF8.GetBytes(json.ToJsonString());
        var (id, at) = ((string?)json?["key"] ?? Guid.CreateVersion7().ToString(), Replica.Clock.GetUtcNow().ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(method, $"/v1/sites/{Keys.Site}/{path}");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, at.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(
            WebhookSignature.SignatureHeader,
            WebhookSignature.Sign(WebhookSignature.KeyOf(Keys.SigningSecret), id, at, body)
        );
        request.Content = json is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var response = await Replica.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static JsonObject Submission(string email, string? ip, IEnumerable<string> lists) =>
        new()
        {
            ["key"] = Guid.CreateVersion7().ToString(),
            ["form"] = new JsonObject { ["id"] = "4", ["locale"] = "en_US" },
            ["fields"] = new JsonObject { ["your-email"] = email },
            ["visitor"] = ip is null ? null : new JsonObject { ["ip"] = ip },
            ["subscribe"] = new JsonArray([
                .. lists.Select(list => new JsonObject
                {
                    ["list"] = list,
                    ["email"] = "your-email",
                    ["consent"] = new JsonObject { ["given"] = true, ["text"] = "Yes, send me the newsletter." },
                }),
            ]),
        };
}

/// <summary>Stands where the name servers would be: every domain takes mail, unless a test says otherwise.</summary>
internal sealed class FakeMailServers : IMailServerLookup
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<bool?>>> _answers = new();
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public void Answer(string domain, bool? takesMail) => _answers[domain] = _ => Task.FromResult(takesMail);

    /// <summary>Nobody answers, until whoever asks gives up.</summary>
    public void SaysNothing(string domain) =>
        _answers[domain] = async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        };

    public Task<bool?> TakesMailAsync(string domain, CancellationToken ct)
    {
        Interlocked.Increment(ref _asked);
        return _answers.TryGetValue(domain, out var answer) ? answer(ct) : Task.FromResult<bool?>(true);
    }
}
