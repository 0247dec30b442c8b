using System.CommandLine;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Lists;

/// <summary>
/// <c>list add SITE NAME</c>, <c>list set LIST</c>, <c>list show SITE</c>, <c>list members LIST</c>, <c>list compare LIST</c>,
/// <c>list archive LIST</c>, <c>list restore LIST</c>.
/// </summary>
internal static class ListCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("list", "Lists people subscribe to")
        {
            Add(services),
            Set(services),
            Show(services),
            Members(services),
            Compare(services),
            Archive(services, archived: true),
            Archive(services, archived: false),
        };

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var name = new Argument<string>("NAME") { Description = "As subscribers see it" };
        var provider = new Option<string?>("--provider")
        {
            Description = "local, mailjet or brevo; local when neither it nor a connection is named",
        };
        var providerList = new Option<string?>("--provider-list") { Description = "The list's id at the provider" };
        var from = new Option<string?>("--from") { Description = "The sender of this list's mails, instead of the site's" };
        var connection = new Option<string?>("--connection")
        {
            Description = "The connection to the provider, conn_…, instead of the installation's settings",
        };
        var welcome = new Option<bool>("--welcome") { Description = "Send a welcome mail after the confirmation" };
        var purpose = Purpose();
        var again = new Option<bool>("--same-name") { Description = "Add it although the site has a list with this name" };
        return new Command("add", "Add a list to a site")
        {
            site,
            name,
            provider,
            connection,
            providerList,
            from,
            welcome,
            purpose,
            again,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var named = parsed.GetRequiredValue(name).Trim();
                var lists = await scope.GetRequiredService<ListStore>().OfSiteAsync(found.Id, ct);
                if (!parsed.GetValue(again) && lists.Find(one => one.Name.Equals(named, StringComparison.OrdinalIgnoreCase)) is { } known)
                {
                    return CommandOutput.Failed(
                        $"\"{found.Name}\" has a list \"{known.Name}\" already: {PublicId.Format(PublicId.List, known.Id)}. "
                            + "To add another one with the same name: --same-name"
                    );
                }

                var outcome = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () =>
                            scope
                                .GetRequiredService<ConfigureLists>()
                                .AddAsync(
                                    new(
                                        found.Id,
                                        parsed.GetRequiredValue(name),
                                        parsed.GetValue(provider),
                                        parsed.GetValue(providerList),
                                        parsed.GetValue(from),
                                        parsed.GetValue(welcome),
                                        parsed.GetValue(connection),
                                        parsed.GetValue(purpose)
                                    ),
                                    ct
                                ),
                        outcome => RecordOf(outcome, "list.added"),
                        ct
                    );
                if (outcome.IsRefused(out var why, out var list))
                {
                    return CommandOutput.Failed(why.Message);
                }

                var id = PublicId.Format(PublicId.List, list.Id);
                return new(
                    new
                    {
                        list = id,
                        name = list.Name,
                        provider = list.Provider,
                    },
                    $"Added the list {id}, \"{list.Name}\", of \"{found.Name}\"."
                );
            }
        );
    }

    private static Command Set(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("LIST") { Description = "The list's id, lst_…" };
        var name = new Option<string?>("--name") { Description = "As subscribers see it" };
        var from = new Option<string?>("--from") { Description = "The sender of this list's mails; off for the site's" };
        var welcome = new Option<string?>("--welcome") { Description = "on or off: whether a welcome mail follows the confirmation" };
        welcome.AcceptOnlyFromAmong("on", "off");
        var confirmation = new Option<string?>("--confirmation-template")
        {
            Description = "The key of the template that its confirmation mails are made of; off for the site's",
        };
        var welcoming = new Option<string?>("--welcome-template") { Description = "The same for its welcome mails" };
        var providerList = new Option<string?>("--provider-list")
        {
            Description = "The list's id at the provider, such as after it was made anew there; all who are on it are added there",
        };
        var connection = new Option<string?>("--connection")
        {
            Description = "Another connection to the same provider, conn_…; off for the installation's settings",
        };
        var purpose = Purpose();
        var names = new Option<string[]>("--name-in")
        {
            Description = "What people see in place of the name, by language, such as fr=\"Lettre\"; may be given several times",
        };
        var descriptions = new Option<string[]>("--description")
        {
            Description = "What is said of it, by language, such as fr=\"Deux fois par mois\"; nothing behind the sign takes it away",
        };
        return new Command("set", "Change a list; what is left out stays")
        {
            id,
            name,
            from,
            welcome,
            confirmation,
            welcoming,
            providerList,
            connection,
            purpose,
            names,
            descriptions,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (
                    TextByLanguage.Read(names.Name, parsed.GetValue(names)).IsRefused(out var unread, out var named)
                    || TextByLanguage.Read(descriptions.Name, parsed.GetValue(descriptions)).IsRefused(out unread, out var described)
                )
                {
                    return CommandOutput.Failed(unread.Message);
                }

                var change = new ListSettings(
                    parsed.GetValue(name),
                    parsed.GetValue(from),
                    parsed.GetValue(welcome) is { } on ? on == "on" : null,
                    parsed.GetValue(confirmation),
                    parsed.GetValue(welcoming),
                    parsed.GetValue(providerList),
                    parsed.GetValue(connection),
                    parsed.GetValue(purpose),
                    named,
                    described
                );
                var configure = scope.GetRequiredService<ConfigureLists>();
                var known = PublicId.Parse(PublicId.List, parsed.GetRequiredValue(id));
                var before = await scope.GetRequiredService<ListStore>().FindAsync(known, ct);
                var outcome = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(() => configure.ChangeAsync(known, change, ct), outcome => RecordOf(outcome, "list.changed"), ct);
                if (outcome.IsRefused(out var why, out var list))
                {
                    return CommandOutput.Failed(why.Message);
                }

                await configure.ReleaseAsync(before ?? list, list, ct);
                if (change.ProviderListId is not null || change.Connection is not null)
                {
                    await scope.GetRequiredService<Outages>().ProbeNowAsync(ct);
                }

                var listId = PublicId.Format(PublicId.List, list.Id);
                return new(
                    new
                    {
                        list = listId,
                        name = list.Name,
                        from = list.FromEmail,
                        welcome = list.Welcome,
                        providerList = list.ProviderListId,
                        texts = ListText.Read(list.Texts),
                    },
                    $"The list {listId}, \"{list.Name}\", was changed."
                );
            }
        );
    }

    private static Command Archive(Func<Task<IServiceProvider>> services, bool archived)
    {
        var id = new Argument<string>("LIST") { Description = "The list's id, lst_…" };
        return new Command(
            archived ? "archive" : "restore",
            archived ? "Take nobody on a list any more; who is on it stays" : "Bring back a list that was archived"
        )
        {
            id,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var outcome = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () =>
                            scope
                                .GetRequiredService<ConfigureLists>()
                                .ArchiveAsync(PublicId.Parse(PublicId.List, parsed.GetRequiredValue(id)), archived, ct),
                        outcome => RecordOf(outcome, archived ? "list.archived" : "list.restored"),
                        ct
                    );
                return outcome.IsRefused(out var why, out var list)
                    ? CommandOutput.Failed(why.Message)
                    : new(
                        new
                        {
                            list = PublicId.Format(PublicId.List, list.Id),
                            name = list.Name,
                            archivedAt = list.ArchivedAt,
                        },
                        archived ? $"The list \"{list.Name}\" takes nobody any more." : $"People can join the list \"{list.Name}\" again."
                    );
            }
        );
    }

    private static Command Show(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("show", "Show a site's lists") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var lists = (await scope.GetRequiredService<ListStore>().OfSiteAsync(found.Id, ct))
                    .Select(list => new
                    {
                        list = PublicId.Format(PublicId.List, list.Id),
                        name = list.Name,
                        provider = list.Provider,
                        providerList = list.ProviderListId,
                        purpose = list.Purpose,
                        texts = ListText.Read(list.Texts),
                        archivedAt = list.ArchivedAt,
                    })
                    .ToList();
                return new(
                    lists,
                    string.Join(
                        '\n',
                        lists.Select(list =>
                            $"{list.list}  {list.name}  ({list.provider}{(list.providerList is { } there ? " " + there : "")})"
                            + (list.archivedAt is null ? "" : "  archived")
                        )
                    )
                );
            }
        );
    }

    private static Command Members(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("LIST") { Description = "The list's id, lst_…" };
        var csv = new Option<FileInfo?>("--csv") { Description = "A file to write all of them to, with their addresses" };
        var limit = new Option<int>("--limit") { Description = "How many are shown at most, 1 to 1000", DefaultValueFactory = _ => 100 };
        var status = new Option<string?>("--status") { Description = "Who stands another way there: pending, unsubscribed and the like" };
        status.AcceptOnlyFromAmong([.. MemberStatus.All]);
        return new Command("members", "Show who is on a list, confirmed; whoever showed no sign of life for longest comes first")
        {
            id,
            csv,
            limit,
            status,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var listId = PublicId.Parse(PublicId.List, parsed.GetRequiredValue(id));
                if (listId is null || await scope.GetRequiredService<ListStore>().FindAsync(listId, ct) is not { } list)
                {
                    return CommandOutput.Failed("There is no such list. See: gateway list show SITE");
                }

                var members = scope.GetRequiredService<ListMembers>();
                var state = MemberStatus.Parse(parsed.GetValue(status)) ?? SubscriptionState.Confirmed;
                if (parsed.GetValue(csv) is { } file)
                {
                    if (state != SubscriptionState.Confirmed)
                    {
                        return CommandOutput.Failed("--csv writes who is on the list, and nobody else. Leave --status out.");
                    }

                    await using var output = PrivateFile.Create(file);
                    var rows = await members.WriteCsvAsync(list, output, ct);
                    return new(new { rows, file = file.FullName }, $"Wrote {rows} members of \"{list.Name}\" to {file.FullName}.");
                }

                if (parsed.GetValue(limit) is < 1 or > 1000)
                {
                    return CommandOutput.Failed("--limit is a number from 1 to 1000.");
                }

                if (state != SubscriptionState.Confirmed)
                {
                    var others = (await members.OthersAsync(list, state, after: null, parsed.GetValue(limit), ct)).ConvertAll(one => new
                    {
                        contact = PublicId.Format(PublicId.Contact, one.ContactId),
                        email = one.Address,
                        since = one.Since,
                        mails = one.Mails,
                    });
                    return new(
                        others,
                        others.Count == 0
                            ? $"Nobody is {parsed.GetValue(status)} on \"{list.Name}\"."
                            : string.Join(
                                '\n',
                                others.Select(one => $"{one.contact}  {one.email}  {one.since:yyyy-MM-dd}  {one.mails} mails")
                            )
                    );
                }

                var shown = (await members.PageAsync(list, after: null, parsed.GetValue(limit), ct)).ConvertAll(one => new
                {
                    contact = PublicId.Format(PublicId.Contact, one.ContactId),
                    email = one.Address,
                    confirmedAt = one.ConfirmedAt,
                    lastSignOfLife = one.LastSignOn,
                });
                return new(
                    shown,
                    shown.Count == 0
                        ? $"Nobody is on \"{list.Name}\"."
                        : string.Join('\n', shown.Select(one => $"{one.contact}  {one.email}  {one.lastSignOfLife:yyyy-MM-dd}"))
                );
            }
        );
    }

    private static Option<string?> Purpose() =>
        new("--purpose") { Description = "What consent to it is for: newsletter, tracking, or one of gateway purpose list SITE" };

    private static Command Compare(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("LIST") { Description = "The list's id, lst_…" };
        var all = new Option<bool>("--all") { Description = "Believe it however many left there or are not there" };
        return new Command(
            "compare",
            "Compare a list with its provider now: who left there leaves here too, and who is not there is taken off"
        )
        {
            id,
            all,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var listId = PublicId.Parse(PublicId.List, parsed.GetRequiredValue(id));
                if (listId is null || await scope.GetRequiredService<ListStore>().FindAsync(listId, ct) is not { } list)
                {
                    return CommandOutput.Failed("There is no such list. See: gateway list show SITE");
                }

                var compared = await scope.GetRequiredService<CompareList>().CompareAsync(list, parsed.GetValue(all), ct);
                return compared.IsRefused(out var why, out var done)
                    ? CommandOutput.Failed(why.Message)
                    : new(
                        done,
                        $"{done.Here} here, {done.There} there: {done.Left} had left there, and {done.Unsubscribed} left here too; "
                            + $"{done.Missing} are not there, and {done.Removed} were taken off."
                            + (
                                done.IsDoubtful
                                    ? " Those who stay are too many to believe. Look at the list at its provider; if it is right: "
                                        + $"gateway list compare {PublicId.Format(PublicId.List, list.Id)} --all"
                                    : ""
                            )
                    );
            }
        );
    }

    private static AuditedChange? RecordOf(Result<ContactList> outcome, string action) =>
        outcome.IsRefused(out _, out var list) ? null : new(list.SiteId, "cli", action, PublicId.Format(PublicId.List, list.Id));
}
