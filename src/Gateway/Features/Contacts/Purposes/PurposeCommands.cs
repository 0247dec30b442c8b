using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Contacts.Purposes;

/// <summary><c>purpose list SITE</c>, <c>purpose set SITE KEY --words fr="…"</c>, <c>purpose delete SITE KEY</c>.</summary>
internal static class PurposeCommands
{
    private const string NoSuchSite = "There is no such site. See: gateway site list";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("purpose", "What consent is asked for, in the site's words") { List(services), Set(services), Delete(services) };

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var site = Site();
        return new Command("list", "The purposes that the site's lists may have") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSuchSite);
                }

                var purposes = await scope.GetRequiredService<PurposeStore>().ListAsync(found.Id, ct);
                return new(
                    purposes.ConvertAll(purpose => new
                    {
                        purpose = purpose.Key,
                        words = purpose.Words,
                        own = purpose.IsOwn,
                    }),
                    string.Join('\n', purposes.Select(Describe))
                );
            }
        );
    }

    private static Command Set(Func<Task<IServiceProvider>> services)
    {
        var site = Site();
        var key = Key();
        var words = new Option<string[]>("--words")
        {
            Description = "What people agree to, by language, such as en=\"Offers of our partners\"; may be given several times",
            Required = true,
        };
        return new Command("set", "Make a purpose, or give it other words") { site, key, words }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSuchSite);
                }

                if (TextByLanguage.Read(words.Name, parsed.GetValue(words)).IsRefused(out var unread, out var given))
                {
                    return CommandOutput.Failed(unread.Message);
                }

                var name = parsed.GetRequiredValue(key);
                var outcome = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () => scope.GetRequiredService<PurposeStore>().SetAsync(found.Id, name, given, ct),
                        outcome => outcome.IsRefused(out _, out var set) ? null : new(found.Id, "cli", "purpose.set", set.Key),
                        ct
                    );
                return outcome.IsRefused(out var why, out var purpose)
                    ? CommandOutput.Failed(why.Message)
                    : new(new { purpose = purpose.Key, words = purpose.Words }, Describe(purpose));
            }
        );
    }

    private static Command Delete(Func<Task<IServiceProvider>> services)
    {
        var site = Site();
        var key = Key();
        return new Command("delete", "Take the site's own words away; newsletter and tracking stay") { site, key }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSuchSite);
                }

                var name = parsed.GetRequiredValue(key);
                var refused = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () => scope.GetRequiredService<PurposeStore>().DeleteAsync(found.Id, name, ct),
                        refused => refused is null ? new(found.Id, "cli", "purpose.deleted", name) : null,
                        ct
                    );
                return refused is null
                    ? new(new { purpose = name }, $"The site has no words of its own for \"{name}\" any more.")
                    : CommandOutput.Failed(refused.Message);
            }
        );
    }

    private static Argument<string> Site() => new("SITE") { Description = "The site's id, site_…" };

    private static Argument<string> Key() => new("KEY") { Description = "Such as newsletter, tracking, partners" };

    private static string Describe(ShownPurpose purpose) =>
        string.Join(
            '\n',
            purpose.Words.Select(one => $"  {one.Key}  {one.Value}").Prepend($"{purpose.Key}{(purpose.IsOwn ? "" : "  (built in)")}")
        );
}
