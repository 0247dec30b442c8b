using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Connections;

/// <summary>
/// <c>connection providers</c>, <c>connection add KIND PROVIDER NAME</c>, <c>connection list</c>, <c>connection set ID</c>,
/// <c>connection test ID</c>, <c>connection delete ID</c>.
/// </summary>
internal static class ConnectionCommands
{
    private const string NoConnection = "There is no such connection. See: gateway connection list";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("connection", "Accounts at providers: of one site, or for all")
        {
            Providers(services),
            Add(services),
            List(services),
            Set(services),
            Test(services),
            Delete(services),
        };

    private static Command Providers(Func<Task<IServiceProvider>> services) =>
        new Command("providers", "Show what can be connected, and which settings it needs").Does(
            services,
            (scope, _, _) =>
            {
                var all = scope
                    .GetRequiredService<ConnectionProviders>()
                    .All.Select(one => new
                    {
                        kind = ConnectionProviders.Word(one.Kind),
                        provider = one.Key,
                        settings = one.Settings.Select(setting => new { name = setting.Name, secret = setting.IsSecret }),
                        line = $"{ConnectionProviders.Word(one.Kind)}  {one.Key}  {ConnectionSettingsJson.Names(one)}",
                    })
                    .ToList();
                return Task.FromResult(
                    new CommandOutput(
                        all.Select(one => new
                        {
                            one.kind,
                            one.provider,
                            one.settings,
                        }),
                        string.Join('\n', all.Select(one => one.line))
                    )
                );
            }
        );

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var kind = new Argument<string>("KIND") { Description = "list, sms or mail" };
        var provider = new Argument<string>("PROVIDER") { Description = "Such as mailjet. See: gateway connection providers" };
        var name = new Argument<string>("NAME") { Description = "What people call it" };
        var site = new Option<string?>("--site")
        {
            Description = "The site that has it, site_…; without it lists of every site may use it",
        };
        var untested = Untested();
        return new Command(
            "add",
            "Connect an account: its settings as a JSON object on standard input. It is tried first, and nothing is stored if it fails"
        )
        {
            kind,
            provider,
            name,
            site,
            untested,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var owner = parsed.GetValue(site) is { } id ? await KeyCommands.FindAsync(scope, id, ct) : null;
                if (parsed.GetValue(site) is not null && owner is null)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (
                    ConnectionProviders.KindOf(parsed.GetRequiredValue(kind)).IsRefused(out var why, out var known)
                    || (await SettingsAsync(parsed, ct)).IsRefused(out why, out var settings)
                )
                {
                    return CommandOutput.Failed(why.Message);
                }

                var given = new NewConnection(
                    owner?.Id,
                    known,
                    parsed.GetRequiredValue(provider),
                    parsed.GetRequiredValue(name),
                    settings,
                    !parsed.GetValue(untested)
                );
                return (await scope.GetRequiredService<ConnectionStore>().AddAsync(given, "cli", ct)).IsRefused(out why, out var row)
                    ? CommandOutput.Failed(why.Message)
                    : await ShowAsync(scope, row, row.TestedAt is null ? "Stored without a try" : "It works, and is stored", ct);
            }
        );
    }

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var site = new Option<string?>("--site") { Description = "Only those of one site, site_…" };
        return new Command("list", "Show the connections and whether they work") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var siteId = PublicId.Parse(PublicId.Site, parsed.GetValue(site));
                var rows = await scope.GetRequiredService<ConnectionStore>().ListAsync(ct);
                var describe = scope.GetRequiredService<DescribeConnections>();
                var shown = await describe.DescribeAsync(rows.Where(row => parsed.GetValue(site) is null || row.SiteId == siteId), ct);
                List<ConnectionResponse> all = [.. shown, .. parsed.GetValue(site) is null ? await describe.InstallationAsync(ct) : []];
                return new(all, all.Count == 0 ? "There are no connections." : string.Join('\n', all.Select(Line)));
            }
        );
    }

    private static Command Set(Func<Task<IServiceProvider>> services)
    {
        var id = Id();
        var name = new Option<string?>("--name") { Description = "What people call it" };
        var settings = new Option<bool>("--settings")
        {
            Description = "Read settings that change from standard input, as a JSON object; null takes one away, what is left out stays",
        };
        var untested = Untested();
        return new Command("set", "Rename a connection, or give it other credentials") { id, name, settings, untested }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await FindAsync(scope, parsed.GetRequiredValue(id), ct) is not { } known)
                {
                    return CommandOutput.Failed(NoConnection);
                }

                var given = (JsonObject?)null;
                if (parsed.GetValue(settings) && (await SettingsAsync(parsed, ct)).IsRefused(out var unfit, out given))
                {
                    return CommandOutput.Failed(unfit.Message);
                }

                var change = new ConnectionChange(parsed.GetValue(name), given, !parsed.GetValue(untested));
                if (
                    (await scope.GetRequiredService<ConnectionStore>().ChangeAsync(known, change, "cli", ct)).IsRefused(
                        out var why,
                        out var row
                    )
                )
                {
                    return CommandOutput.Failed(why.Message);
                }

                return await ShowAsync(scope, row, "Changed", ct);
            }
        );
    }

    private static Command Test(Func<Task<IServiceProvider>> services)
    {
        var id = Id();
        return new Command("test", "Try a connection; nothing is changed or sent") { id }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await FindAsync(scope, parsed.GetRequiredValue(id), ct) is not { } row)
                {
                    return CommandOutput.Failed(NoConnection);
                }

                var error = await scope.GetRequiredService<ConnectionStore>().TestAsync(row, ct);
                return new(
                    new
                    {
                        connection = parsed.GetValue(id),
                        works = error is null,
                        reason = error,
                    },
                    error ?? $"\"{row.Name}\" works.",
                    error is null ? 0 : 1
                );
            }
        );
    }

    private static Command Delete(Func<Task<IServiceProvider>> services)
    {
        var id = Id();
        return new Command("delete", "Delete a connection that nothing uses") { id }.Does(
            services,
            async (scope, parsed, ct) =>
                await FindAsync(scope, parsed.GetRequiredValue(id), ct) is not { } row ? CommandOutput.Failed(NoConnection)
                : await scope.GetRequiredService<ConnectionStore>().DeleteAsync(row, "cli", ct) is { } why
                    ? CommandOutput.Failed(why.Message)
                : new(new { connection = parsed.GetValue(id) }, $"\"{row.Name}\" is deleted.")
        );
    }

    private static Argument<string> Id() => new("ID") { Description = "conn_…" };

    private static Option<bool> Untested() =>
        new("--untested") { Description = "Store it without a try, such as while the provider is down" };

    private static Task<Connection?> FindAsync(IServiceProvider scope, string id, CancellationToken ct) =>
        scope.GetRequiredService<ConnectionStore>().FindAsync(PublicId.Parse(PublicId.Connection, id), ct);

    /// <summary>From standard input, since arguments show in the list of processes.</summary>
    private static async Task<Result<JsonObject>> SettingsAsync(ParseResult parsed, CancellationToken ct)
    {
        try
        {
            if (JsonNode.Parse(await CommandConsole.Of(parsed).Input.ReadToEndAsync(ct)) is JsonObject settings)
            {
                return settings;
            }
        }
        catch (JsonException)
        {
            // The sentence below says what is expected.
        }

        return Refusal.Invalid("Standard input must hold one JSON object, such as {\"apiKey\":\"…\",\"secretKey\":\"…\"}.");
    }

    private static async Task<CommandOutput> ShowAsync(IServiceProvider scope, Connection row, string done, CancellationToken ct)
    {
        var shown = (await scope.GetRequiredService<DescribeConnections>().DescribeAsync([row], ct))[0];
        return new(shown, $"{done}: {Line(shown)}");
    }

    private static string Line(ConnectionResponse one) =>
        $"{one.Id ?? "(settings)"}  {one.Kind}  {one.Provider}  {one.Name}  ({one.Owner})  {one.State}"
        + (one.Reason is { } why ? $": {why}" : "");
}
