using System.CommandLine;
using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// <c>hygiene report</c>, <c>hygiene ask --list LIST</c>, <c>hygiene remove --list LIST --unanswered</c>: who on the lists is worth a look,
/// and what somebody decides about it.
/// </summary>
internal static class HygieneCommands
{
    private const string Actor = "cli";
    private const string NoSuchList = "There is no such list. See: gateway list show SITE";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("hygiene", "Who on the lists is silent, cannot be reached, or has a doubtful address")
        {
            Report(services),
            Ask(services),
            Remove(services),
        };

    private static Command Report(Func<Task<IServiceProvider>> services)
    {
        var site = new Option<string?>("--site") { Description = "The site's id, site_…; left out, all sites" };
        var list = new Option<string?>("--list") { Description = "The list's id, lst_…; left out, all lists" };
        var months = Months();
        var csv = new Option<FileInfo?>("--csv") { Description = "A file to write all of them to, with their addresses" };
        return new Command("report", "Count who is worth a look, and why; nobody is removed") { site, list, months, csv }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (HygieneFigures.MonthsError(parsed.GetValue(months)) is not null)
                {
                    return CommandOutput.Failed($"--months is a number from 1 to {HygieneQuestion.MaxMonths}.");
                }

                ContactList? only = null;
                if (parsed.GetValue(list) is { } given && (only = await FindAsync(scope, given, ct)) is null)
                {
                    return CommandOutput.Failed(NoSuchList);
                }

                var sites = await SitesAsync(scope, parsed.GetValue(site), only, ct);
                if (sites is null)
                {
                    return CommandOutput.Failed(
                        only is null ? "There is no such site. See: gateway site list" : "The list is not one of this site."
                    );
                }

                var before = HygieneQuestion.Before(scope.GetRequiredService<TimeProvider>().GetUtcNow(), parsed.GetValue(months));
                var questions = sites.ConvertAll(one =>
                    (Site: one, Asked: new HygieneQuestion(one.Id, only?.Id, parsed.GetValue(months), before))
                );
                var (rows, text) = (new List<object>(), new List<string>());
                foreach (var (one, asked) in questions)
                {
                    var counts = await scope.GetRequiredService<HygieneFigures>().CountAsync(asked, ct);
                    rows.Add(new { site = PublicId.Format(PublicId.Site, one.Id), hygiene = counts });
                    text.Add(Describe(one, counts));
                }

                if (parsed.GetValue(csv) is { } file)
                {
                    var written = await WriteAsync(scope, file, [.. questions.Select(one => one.Asked)], ct);
                    text.Add(string.Create(CultureInfo.InvariantCulture, $"Wrote {written} rows to {file.FullName}."));
                }

                return new(rows, sites.Count == 0 ? "There are no sites yet: gateway site add NAME" : string.Join("\n\n", text));
            }
        );
    }

    private static Command Ask(Func<Task<IServiceProvider>> services)
    {
        var list = List();
        var months = Months();
        var dry = new Option<bool>("--dry-run") { Description = "Only say how many would be asked" };
        return new Command("ask", "Ask the silent people of a list by mail whether they stay; nobody twice within twelve months")
        {
            list,
            months,
            dry,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (HygieneFigures.MonthsError(parsed.GetValue(months)) is not null)
                {
                    return CommandOutput.Failed($"--months is a number from 1 to {HygieneQuestion.MaxMonths}.");
                }

                if (await FindAsync(scope, parsed.GetRequiredValue(list), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSuchList);
                }

                var before = HygieneQuestion.Before(scope.GetRequiredService<TimeProvider>().GetUtcNow(), parsed.GetValue(months));
                var question = new HygieneQuestion(found.SiteId, found.Id, parsed.GetValue(months), before);
                var isDry = parsed.GetValue(dry);
                var people = isDry
                    ? await scope.GetRequiredService<HygieneFigures>().CountToAskAsync(question, ct)
                    : await scope.GetRequiredService<HygieneRounds>().AskAsync(found, question, Actor, ct);
                return new(
                    new { people, dryRun = isDry },
                    people == 0 ? "Nobody is to be asked: nobody was silent for so long, or they were asked within twelve months."
                        : isDry ? $"At most {people} would be asked whether they stay on \"{found.Name}\": nobody who refused mail."
                        : $"At most {people} are asked whether they stay on \"{found.Name}\". See what comes of it: "
                            + "gateway hygiene report --list "
                            + PublicId.Format(PublicId.List, found.Id)
                );
            }
        );
    }

    private static Command Remove(Func<Task<IServiceProvider>> services)
    {
        var list = List();
        var unanswered = new Option<bool>("--unanswered")
        {
            Description = "Those who were asked whether they stay, and did not answer in time",
            Required = true,
        };
        return new Command("remove", "Take people off a list, here and at its provider") { list, unanswered }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (!parsed.GetValue(unanswered))
                {
                    return CommandOutput.Failed("Say whom: --unanswered");
                }

                if (await FindAsync(scope, parsed.GetRequiredValue(list), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSuchList);
                }

                var people = await scope.GetRequiredService<HygieneRounds>().RemoveUnansweredAsync(found, Actor, ct);
                return new(
                    new { people },
                    people == 0
                        ? "Nobody is taken off: nobody was asked, or the time to answer is not over."
                        : $"{people} who did not answer are taken off \"{found.Name}\". They may sign up again."
                );
            }
        );
    }

    private static Option<string> List() => new("--list") { Description = "The list's id, lst_…", Required = true };

    private static Option<int> Months() =>
        new("--months")
        {
            Description = $"From so many months without a sign of life on somebody is silent, 1 to {HygieneQuestion.MaxMonths}",
            DefaultValueFactory = _ => HygieneQuestion.DefaultMonths,
        };

    private static Task<ContactList?> FindAsync(IServiceProvider scope, string id, CancellationToken ct) =>
        scope.GetRequiredService<ListStore>().FindAsync(PublicId.Parse(PublicId.List, id), ct);

    /// <returns>Null when the site is unknown, or the list is none of it.</returns>
    private static async Task<List<Site>?> SitesAsync(IServiceProvider scope, string? given, ContactList? only, CancellationToken ct)
    {
        var store = scope.GetRequiredService<SiteStore>();
        if (given is null)
        {
            return only is null ? await store.ListAsync(only: null, ct) : [await store.GetAsync(only.SiteId, ct)];
        }

        var site = await KeyCommands.FindAsync(scope, given, ct);
        return site is null || (only is not null && only.SiteId != site.Id) ? null : [site];
    }

    private static async Task<int> WriteAsync(
        IServiceProvider scope,
        FileInfo file,
        List<HygieneQuestion> questions,
        CancellationToken ct
    )
    {
        await using var output = PrivateFile.Create(file);
        return await scope.GetRequiredService<HygieneCsv>().WriteAsync(questions, reasons: null, output, ct);
    }

    private static string Describe(Site site, HygieneCounts counts)
    {
        var lines = new List<string>
        {
            $"{PublicId.Format(PublicId.Site, site.Id)}  {site.Name}",
            Line("on the lists", counts.Confirmed),
            Line($"silent for {counts.Months} months", counts.Silent),
            Line("mail comes back again and again", counts.Bouncing),
            Line("mistyped domain", counts.Typo),
            Line("throw-away address", counts.Disposable),
            Line("address of a function", counts.Role),
        };
        lines.AddRange(
            counts
                .Lists.Where(list => list.ToAsk + list.Waiting + list.Unanswered > 0)
                .Select(list =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {list.List.Id}  {list.List.Name}: at most {list.ToAsk} can be asked whether they stay, {list.Waiting} have "
                            + $"time to answer, {list.Unanswered} did not answer"
                    )
                )
        );
        return string.Join('\n', lines);
    }

    private static string Line(string what, int count) => string.Create(CultureInfo.InvariantCulture, $"  {what,-34} {count,9}");
}
