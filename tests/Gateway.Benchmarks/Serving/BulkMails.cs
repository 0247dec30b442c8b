using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Scaling;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Benchmarks.Serving;

/// <summary>What an import leaves behind: mails of one site that are all due, each to another address.</summary>
internal static class BulkMails
{
    private const int Together = 5_000;

    private static int _next = FairCommand.FirstOfBulk;

    public static async Task StoreAsync(IServiceProvider services, int count)
    {
        await using var scope = services.CreateAsyncScope();
        var site = new Site { Name = "Bulk", FromEmail = "bulk@example.org" };
        await scope.ServiceProvider.GetRequiredService<SiteCredentials>().AddSiteAsync(site, CancellationToken.None);
        var secrets = scope.ServiceProvider.GetRequiredService<SecretEncryption>();
        var variables = MessageVariables.Protect(new() { ["subject"] = "Welcome", ["body"] = "Welcome to our newsletter." }, secrets);
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        foreach (var some in Enumerable.Range(0, count).Chunk(Together))
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var rows = some.Select(_ => Mail(site.Id, _next++, variables, now)).ToList();
            await db.WriteAsync(() => db.InsertNewAsync(rows, CancellationToken.None), CancellationToken.None);
        }

        services.GetRequiredService<Signal<SendMessages>>().Wake();
    }

    private static Message Mail(Guid site, int number, string variables, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            SiteId = site,
            Key = number.ToString(CultureInfo.InvariantCulture),
            Template = "plain",
            Language = "en",
            Address = SignedRequest.Address(number),
            Variables = variables,
            MessageId = Guid.CreateVersion7().ToString("N"),
            CreatedAt = now,
            DueAt = now,
        };
}
