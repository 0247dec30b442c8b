using System.CommandLine;
using System.Globalization;
using Gateway.Features.Imports.Reading;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports;

/// <summary>
/// <c>import preview FILE</c>, <c>import start FILE --site SITE --list LIST --source TEXT</c>, <c>import from PROVIDER</c>,
/// <c>import status</c>, <c>import stop ID</c>, <c>import resume ID</c>, <c>import undo ID</c>, <c>import errors ID</c>: people from a CSV
/// file or a provider onto a list.
/// </summary>
internal static class ImportCommands
{
    private const string Actor = "cli";
    private const string NoSuchImport = "There is no such import. See: gateway import status";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("import", "Bring people along from elsewhere, with where they agreed")
        {
            Preview(),
            Start(services),
            From(services),
            Status(services),
            Decide(services, "stop", "Stop an import where it is", (decide, import, ct) => decide.StopAsync(import, Actor, ct)),
            Decide(services, "resume", "Let one that was stopped go on", (decide, import, ct) => decide.ResumeAsync(import, Actor, ct)),
            Decide(
                services,
                "undo",
                "Take off the list whom an import alone put there, and whom nothing happened to since",
                (decide, import, ct) => decide.UndoAsync(import, Actor, ct)
            ),
            Errors(services),
        };

    private static Command Preview()
    {
        var file = FileArgument();
        var (encoding, separator) = WritingOptions();
        var command = new Command("preview", "Show how a file is read, and its first rows; nothing is stored")
        {
            file,
            encoding,
            separator,
        };
        command.SetAction(
            async (parsed, ct) =>
                (
                    await PreviewAsync(parsed.GetRequiredValue(file), Writing(parsed.GetValue(encoding), parsed.GetValue(separator)), ct)
                ).Print(parsed)
        );
        return command;
    }

    private static Command Start(Func<Task<IServiceProvider>> services)
    {
        var file = FileArgument();
        var (encoding, separator) = WritingOptions();
        var site = new Option<string>("--site") { Description = "The site's id, site_…", Required = true };
        var list = new Option<string>("--list") { Description = "The list's id, lst_…", Required = true };
        var source = new Option<string?>("--source")
        {
            Description = "Where they agreed, for the ledger: \"Paper forms, spring fair 2025\"",
        };
        var ask = new Option<bool>("--ask") { Description = "Nobody can say where they agreed: ask each of them by mail first" };
        var map = new Option<string[]>("--map")
        {
            Description =
                $"COLUMN=FIELD, again for each: {string.Join(", ", ImportFields.All)}, the name of a property, or - to leave it out",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var consentAt = new Option<string?>("--consent-at") { Description = "The column with the time at which they agreed" };
        var consentOn = new Option<string?>("--consent-on")
        {
            Description = "The day on which those agreed whose row does not say it, such as 2025-04-03",
        };
        var text = new Option<string?>("--text") { Description = "The words that they agreed to" };
        var dates = new Option<string?>("--dates") { Description = "What 3/4/2025 means: dmy or mdy" };
        return new Command("start", "Put the people of a CSV file on a list, with the source of their consent, or ask them")
        {
            file,
            site,
            list,
            source,
            ask,
            map,
            consentAt,
            consentOn,
            text,
            dates,
            encoding,
            separator,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (parsed.GetValue(ask) == parsed.GetValue(source) is not null)
                {
                    return CommandOutput.Failed("Say where they agreed (--source TEXT), or ask each of them first (--ask).");
                }

                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (
                    ImportPlanText
                        .Read(
                            Mapping(parsed.GetRequiredValue(map), parsed.GetValue(consentAt)),
                            parsed.GetValue(source),
                            parsed.GetValue(text),
                            parsed.GetValue(consentOn),
                            parsed.GetValue(dates)
                        )
                        .IsRefused(out var why, out var plan)
                )
                {
                    return CommandOutput.Failed(why.Message);
                }

                var path = parsed.GetRequiredValue(file);
                if (!path.Exists)
                {
                    return CommandOutput.Failed($"There is no file {path.FullName}.");
                }

                await using var content = path.OpenRead();
                var writing = Writing(parsed.GetValue(encoding), parsed.GetValue(separator));
                if (
                    (
                        await scope.GetRequiredService<ReceiveImport>().ReceiveAsync(found.Id, path.Name, Actor, content, writing, ct)
                    ).IsRefused(out why, out var draft)
                )
                {
                    return CommandOutput.Failed(why.Message);
                }

                var decide = scope.GetRequiredService<DecideImport>();
                if ((await decide.StartAsync(draft, parsed.GetRequiredValue(list), plan, Actor, ct)).IsRefused(out why, out var started))
                {
                    await decide.DeleteAsync(draft, Actor, ct);
                    return CommandOutput.Failed(why.Message);
                }

                var shown = ImportResponse.Of(started);
                return new(shown, $"{Line(shown)}\nIt goes on by itself. See: gateway import status {shown.Id}");
            }
        );
    }

    private static Command From(Func<Task<IServiceProvider>> services)
    {
        var provider = new Argument<string>("PROVIDER") { Description = "mailjet or brevo" };
        var connection = new Option<string>("--connection") { Description = "The connection's id, conn_…", Required = true };
        var providerList = new Option<string>("--provider-list") { Description = "The list's id there", Required = true };
        var site = new Option<string>("--site") { Description = "The site's id, site_…", Required = true };
        var list = new Option<string>("--list") { Description = "The list that people come onto, lst_…", Required = true };
        var consentOn = new Option<string?>("--consent-on")
        {
            Description = "The day of consent of those of whom the provider tells none, such as 2025-04-03",
        };
        return new Command("from", "Bring along who is on a list at a provider; who left there is suppressed here")
        {
            provider,
            connection,
            providerList,
            site,
            list,
            consentOn,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (
                    ImportPlanText.Read([], null, null, parsed.GetValue(consentOn), dates: null).IsRefused(out var why, out var said)
                    || (
                        await scope
                            .GetRequiredService<ImportFromProvider>()
                            .StartAsync(
                                found,
                                parsed.GetRequiredValue(provider),
                                parsed.GetRequiredValue(connection),
                                parsed.GetRequiredValue(providerList),
                                parsed.GetRequiredValue(list),
                                said.ConsentOn,
                                Actor,
                                ct
                            )
                    ).IsRefused(out why, out var started)
                )
                {
                    return CommandOutput.Failed(why.Message);
                }

                var shown = ImportResponse.Of(started);
                return new(shown, $"{Line(shown)}\nIt goes on by itself. See: gateway import status {shown.Id}");
            }
        );
    }

    private static Command Status(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string?>("ID") { Description = "imp_…; without it, those of a site", Arity = ArgumentArity.ZeroOrOne };
        var site = new Option<string?>("--site") { Description = "The site's id, site_…" };
        return new Command("status", "How far an import has got, or the last hundred of a site") { id, site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var decide = scope.GetRequiredService<DecideImport>();
                if (parsed.GetValue(id) is { } one)
                {
                    return await decide.FindAsync(siteId: null, one, ct) is { } import
                        ? new(ImportResponse.Of(import), Describe(ImportResponse.Of(import)))
                        : CommandOutput.Failed(NoSuchImport);
                }

                if (await KeyCommands.FindAsync(scope, parsed.GetValue(site) ?? "", ct) is not { } found)
                {
                    return CommandOutput.Failed("Say which import, or which site: --site. See: gateway site list");
                }

                var all = (await decide.PageAsync(found.Id, after: null, PageQuery.Max, ct)).ConvertAll(ImportResponse.Of);
                return new(all, all.Count == 0 ? "The site has no imports." : string.Join('\n', all.Select(Line)));
            }
        );
    }

    private static Command Decide(
        Func<Task<IServiceProvider>> services,
        string name,
        string description,
        Func<DecideImport, Import, CancellationToken, Task<Result<Import>>> change
    )
    {
        var id = Id();
        return new Command(name, description) { id }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var decide = scope.GetRequiredService<DecideImport>();
                return await decide.FindAsync(siteId: null, parsed.GetRequiredValue(id), ct) is not { } import
                        ? CommandOutput.Failed(NoSuchImport)
                    : (await change(decide, import, ct)).IsRefused(out var why, out var changed) ? CommandOutput.Failed(why.Message)
                    : new(ImportResponse.Of(changed), Line(ImportResponse.Of(changed)));
            }
        );
    }

    private static Command Errors(Func<Task<IServiceProvider>> services)
    {
        var id = Id();
        var to = new Option<FileInfo?>("--to") { Description = "A CSV file to write them to, where there are many" };
        return new Command("errors", "The rows of an import that were not taken, and why") { id, to }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var decide = scope.GetRequiredService<DecideImport>();
                if (await decide.FindAsync(siteId: null, parsed.GetRequiredValue(id), ct) is not { } import)
                {
                    return CommandOutput.Failed(NoSuchImport);
                }

                if (parsed.GetValue(to) is { } file)
                {
                    await using var output = PrivateFile.Create(file);
                    var rows = await RefusedRowsCsv.WriteAsync(decide.RefusedAsync(import.Id), output, ct);
                    return new(new { rows, file = file.FullName }, $"Wrote {rows} rows to {file.FullName}.");
                }

                var first = await decide.RefusedAsync(import.Id).Take(PageQuery.Max).ToListAsync(ct);
                var lines = first.Select(row =>
                    string.Create(CultureInfo.InvariantCulture, $"line {row.Line}: {row.Address}: {row.Reason}")
                );
                return new(
                    first.Select(row => new
                    {
                        line = row.Line,
                        address = row.Address,
                        reason = row.Reason,
                    }),
                    first.Count == 0 ? "Every row was taken."
                        : import.Refused > first.Count
                            ? $"{string.Join('\n', lines)}\nThese are {first.Count} of {import.Refused}. All of them: --to FILE"
                        : string.Join('\n', lines)
                );
            }
        );
    }

    private static async Task<CommandOutput> PreviewAsync(FileInfo path, CsvWriting writing, CancellationToken ct)
    {
        if (writing.Error() is { } wrong)
        {
            return CommandOutput.Failed(wrong.Message);
        }

        if (!path.Exists)
        {
            return CommandOutput.Failed($"There is no file {path.FullName}.");
        }

        try
        {
            await using var content = path.OpenRead();
            using var file = await ReadFile.OpenAsync(content, writing, ct);
            var rows = await file.RowsAsync(ct).Take(ReadFile.Shown).ToListAsync(ct);
            var columns = file.Columns.Zip(
                ImportFields.Guess(file.Columns, rows),
                (name, field) => new ImportResponse.ColumnResponse(name, field)
            );
            return new(
                new
                {
                    encoding = file.Encoding,
                    separator = file.Separator,
                    columns,
                    rows,
                },
                string.Join(
                    '\n',
                    [
                        $"{file.Encoding}, cells separated by {(file.Separator == "\t" ? "tabs" : file.Separator)}",
                        .. columns.Select(column => $"  {column.Name} = {column.Field ?? ImportFields.LeftOut}"),
                        .. rows.Select(row =>
                            $"line {row.Line.ToString(CultureInfo.InvariantCulture)}: "
                            + string.Join(" | ", row.Cells.Select(cell => Shortening.To(cell.ReplaceLineEndings(" "), 40)))
                        ),
                    ]
                )
            );
        }
        catch (UnreadableFileException unreadable)
        {
            return CommandOutput.Failed(unreadable.Message);
        }
    }

    private static Argument<FileInfo> FileArgument() => new("FILE") { Description = "A CSV file" };

    private static Argument<string> Id() => new("ID") { Description = "imp_…" };

    private static (Option<string?> Encoding, Option<string?> Separator) WritingOptions() =>
        (
            new("--encoding") { Description = "Such as windows-1252; found out when left out" },
            new("--separator") { Description = "comma, semicolon, tab or bar; found out when left out" }
        );

    private static CsvWriting Writing(string? encoding, string? separator) => new(encoding, CsvWriting.SeparatorOf(separator));

    private static IEnumerable<KeyValuePair<string, string>> Mapping(IEnumerable<string> given, string? consentAt) =>
        given
            .Select(pair => pair.LastIndexOf('=') is > 0 and var at ? KeyValuePair.Create(pair[..at], pair[(at + 1)..]) : new(pair, ""))
            .Concat(consentAt is null ? [] : [KeyValuePair.Create(consentAt, ImportFields.ConsentAt)]);

    private static string Describe(ImportResponse import) =>
        string.Join(
            '\n',
            [
                Line(import),
                .. new[]
                {
                    ("subscribed", import.Subscribed),
                    ("asked by mail", import.Asked),
                    ("known before", import.Known),
                    ("suppressed, as the file says", import.Suppressed),
                    ("not taken", import.Refused),
                    ("left", import.Left),
                    ("taken off again", import.Undone),
                }.Select(count => string.Create(CultureInfo.InvariantCulture, $"  {count.Item1, -30} {count.Item2, 9}")),
            ]
        );

    private static string Line(ImportResponse import) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{import.Id}  {import.State}  {import.Rows - import.Left} of {import.Rows} rows  {import.Name}"
        ) + (import.Failure is { } why ? $": {why}" : "");
}
