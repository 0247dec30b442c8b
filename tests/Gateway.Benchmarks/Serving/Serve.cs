using System.Globalization;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Benchmarks.Serving;

/// <summary>The serving process: the gateway's own program with at most one part exchanged.</summary>
internal static class Serve
{
    /// <summary>The word on the command line that starts it.</summary>
    public const string Command = "serve";

    /// <summary>Before a number of mails to store.</summary>
    public const string Bulk = "bulk ";

    /// <summary>Before what <see cref="OutgoingRows.StoreAsync"/> is to store.</summary>
    public const string Outgoing = "outgoing ";

    /// <summary>Before what is due now.</summary>
    public const string Wake = "wake ";

    /// <summary>Before a text to encrypt as the gateway encrypts what it stores.</summary>
    public const string Protect = "protect ";

    /// <summary>Asks for the routes of the console that are opened.</summary>
    public const string Routes = "routes";

    public static async Task<int> RunAsync(string design)
    {
        if (Environment.GetEnvironmentVariable("Gateway__MasterKeyFile") is { } key && !File.Exists(key))
        {
            MasterKey.Create(key);
        }

        await using var app = GatewayHost.Build(["--applicationName", "Gateway"], services => Exchange(services, design));
        if (design == Design.Naive.Name)
        {
            NaiveSubmissions.Map(app);
        }

        await GatewayHost.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        var site = await AddSiteAsync(app.Services);
        await Child.AnswerAsync(
            JsonSerializer.Serialize(site with { Url = app.Urls.First() }),
            async question =>
            {
                if (question == "empty")
                {
                    await EmptyAsync(app.Services, design);
                }
                else if (question.StartsWith(Bulk, StringComparison.Ordinal))
                {
                    await BulkMails.StoreAsync(app.Services, int.Parse(question[Bulk.Length..], CultureInfo.InvariantCulture));
                }
                else if (question.StartsWith(Outgoing, StringComparison.Ordinal))
                {
                    await OutgoingRows.StoreAsync(app.Services, question[Outgoing.Length..]);
                }
                else if (question.StartsWith(Wake, StringComparison.Ordinal))
                {
                    await OutgoingRows.WakeAsync(app.Services, question[Wake.Length..]);
                }
                else if (question.StartsWith(Protect, StringComparison.Ordinal))
                {
                    return app.Services.GetRequiredService<SecretEncryption>().Protect(question[Protect.Length..]);
                }
                else if (question == Routes)
                {
                    return JsonSerializer.Serialize(RoutesOf(app.Services));
                }

                return JsonSerializer.Serialize(new Usage(GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime));
            }
        );
        await app.StopAsync();
        return 0;
    }

    private static List<string> RoutesOf(IServiceProvider services) =>
        [
            .. services
                .GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(one => one.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true)
                .Select(one => "/" + one.RoutePattern.RawText!.Trim('/'))
                .Where(route => route == "/admin" || route.StartsWith("/admin/", StringComparison.Ordinal))
                .Distinct(),
        ];

    private static void Exchange(IServiceCollection services, string design)
    {
        if (design == Design.NoStorage.Name)
        {
            services.RemoveAll<IInboxWriter>();
            services.AddSingleton<IInboxWriter, NoStorage>();
        }
        else if (design == Design.Naive.Name)
        {
            NaiveSubmissions.Add(services);
        }
    }

    private static async Task<ServedSite> AddSiteAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var site = new Site { Name = "Benchmark", FromEmail = "news@example.org" };
        var keys = await scope.ServiceProvider.GetRequiredService<SiteCredentials>().AddSiteAsync(site, CancellationToken.None);
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(),
            SiteId = site.Id,
            Name = "Newsletter",
            CreatedAt = site.CreatedAt,
        };
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        await db.WriteAsync(
            () =>
            {
                db.Lists.Add(list);
                return db.SaveChangesAsync();
            },
            CancellationToken.None
        );
        return new("", keys.Site, keys.SigningSecret, PublicId.Format(PublicId.List, list.Id), keys.ClientId, keys.ClientSecret);
    }

    private static async Task EmptyAsync(IServiceProvider services, string design)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        await db.WriteAsync(
            () =>
                db.Database.ExecuteSqlRawAsync(
                    design == Design.Naive.Name ? "truncate submissions, hangfire.job, hangfire.jobqueue cascade"
                    : db.Database.IsSqlite() ? "delete from submissions"
                    : "truncate submissions"
                ),
            CancellationToken.None
        );
    }
}

/// <summary>Promises everything and keeps nothing.</summary>
internal sealed class NoStorage : IInboxWriter
{
    public Task<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>> StoreAsync(IReadOnlyList<Submission> rows) =>
        Task.FromResult<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>>(
            rows.ToDictionary(row => (row.SiteId, row.Key), row => new StoredSubmission(row.Id, row.ContentHash))
        );
}
