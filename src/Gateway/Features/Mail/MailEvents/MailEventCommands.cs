using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.MailEvents;

/// <summary><c>mail-events add PROVIDER</c>, <c>mail-events list</c>, <c>mail-events remove SOURCE</c>.</summary>
internal static class MailEventCommands
{
    private const string Prefix = "src";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("mail-events", "Who may tell what became of mails: bounces, complaints, unsubscribes")
        {
            Add(services),
            List(services),
            Remove(services),
        };

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var provider = new Argument<string>("PROVIDER") { Description = string.Join(", ", MailEventFormats.All) };
        var site = new Option<string?>("--site") { Description = "The site whose mails it sends; left out, those of all sites" };
        var signingKey = new Option<string?>("--signing-key") { Description = "What the provider signs with, as its settings show it" };
        var topic = new Option<string?>("--topic") { Description = "ses: the topic of Amazon SNS, arn:aws:sns:…" };
        return new Command("add", "Make an address for a provider to call") { provider, site, signingKey, topic }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var siteId = Guid.Empty;
                if (parsed.GetValue(site) is { } given)
                {
                    if (await KeyCommands.FindAsync(scope, given, ct) is not { } found)
                    {
                        return CommandOutput.Failed("There is no such site. See: gateway site list");
                    }

                    siteId = found.Id;
                }

                var added = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () =>
                            scope
                                .GetRequiredService<MailEventSources>()
                                .AddAsync(
                                    siteId,
                                    parsed.GetRequiredValue(provider),
                                    parsed.GetValue(signingKey),
                                    parsed.GetValue(topic),
                                    ct
                                ),
                        done =>
                            done.IsRefused(out _, out var one)
                                ? null
                                : new(siteId == Guid.Empty ? null : siteId, "cli", "mail_event_source.added", IdOf(one.Source)),
                        ct
                    );
                return added.IsRefused(out var why, out var source)
                    ? CommandOutput.Failed(why.Message)
                    : new(
                        new { id = IdOf(source.Source), url = source.Url },
                        $"""
                        Give this address to {source.Source.Provider} as its webhook. It holds a secret and is shown only now.

                          {source.Url}
                        """
                    );
            }
        );
    }

    private static Command List(Func<Task<IServiceProvider>> services) =>
        new Command("list", "List the sources").Does(
            services,
            async (scope, _, ct) =>
            {
                var sources = (await scope.GetRequiredService<MailEventSources>().ListAsync(ct)).ConvertAll(source => new
                {
                    id = IdOf(source),
                    provider = source.Provider,
                    site = source.SiteId == Guid.Empty ? null : PublicId.Format(PublicId.Site, source.SiteId),
                    createdAt = source.CreatedAt,
                });
                return new(
                    sources,
                    sources.Count == 0
                        ? "Nobody tells what becomes of mails. See: gateway mail-events add --help"
                        : string.Join('\n', sources.Select(one => $"{one.id}  {one.provider}  {one.site ?? "all sites"}"))
                );
            }
        );

    private static Command Remove(Func<Task<IServiceProvider>> services)
    {
        var source = new Argument<string>("SOURCE") { Description = "The source's id, src_…" };
        return new Command("remove", "Close an address; what came by it stays") { source }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var id = parsed.GetRequiredValue(source);
                return await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        async () =>
                            PublicId.Parse(Prefix, id) is { } known
                            && await scope.GetRequiredService<MailEventSources>().RemoveAsync(known, ct),
                        removed => removed ? new(null, "cli", "mail_event_source.removed", id) : null,
                        ct
                    )
                    ? new(new { id, removed = true }, "The address takes no more events.")
                    : CommandOutput.Failed("There is no such source. See: gateway mail-events list");
            }
        );
    }

    private static string IdOf(MailEventSource source) => PublicId.Format(Prefix, source.Id);
}
