using System.CommandLine;
using System.Globalization;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Queue;

namespace Gateway.CommandLine;

/// <summary><c>failed list</c>, <c>show</c>, <c>replay</c>, <c>dismiss</c>, <c>restore</c>: what waits for a person.</summary>
internal static class FailedCommands
{
    private const string Actor = "cli";
    private const string NoSuchCause = "Nothing that failed has this cause. See: gateway failed list --by-cause";
    private const string Ids = "sub_…, msg_…, sms_…, syn_…, dlv_…, req_… or rpl_…";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("failed", "What could not be done and waits for a decision")
        {
            List(services),
            Show(services),
            Replay(services),
            Dismiss(services, restore: false),
            Dismiss(services, restore: true),
        };

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var limit = new Option<int>("--limit") { Description = "How many of each kind at most", DefaultValueFactory = _ => 100 };
        var byCause = new Option<bool>("--by-cause") { Description = "Alike ones together, with the name that replay and dismiss take" };
        var dismissed = new Option<bool>("--dismissed") { Description = "Those that were dismissed" };
        return new Command("list", "List failed submissions, mails, SMS, list syncs and deliveries to hooks, newest first")
        {
            limit,
            byCause,
            dismissed,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var failed = scope.GetRequiredService<FailedItems>();
                var shown = parsed.GetValue(dismissed);
                var none = shown ? "Nothing was dismissed." : "Nothing has failed.";
                return parsed.GetValue(byCause)
                    ? Causes(await failed.CausesAsync(null, shown, ct), none)
                    : Items(await failed.ListAsync(parsed.GetValue(limit), null, ct, shown), none);
            }
        );
    }

    private static CommandOutput Items(List<FailedItem> failed, string none) =>
        new(
            failed,
            failed.Count == 0
                ? none
                : string.Join('\n', failed.Select(one => $"{one.Id}  {one.Site}  {one.Since:yyyy-MM-dd HH:mm} UTC  {one.Reason}"))
        );

    private static CommandOutput Causes(List<FailedCause> causes, string none) =>
        new(
            causes,
            causes.Count == 0
                ? none
                : string.Join(
                    '\n',
                    causes.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count,6}  {one.Cause}  {one.Reason}"))
                )
        );

    private static Command Show(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("ID") { Description = Ids };
        return new Command("show", "Show one of them, with what came in") { id }.Does(
            services,
            async (scope, parsed, ct) =>
                await scope.GetRequiredService<FailedItems>().FindAsync(parsed.GetRequiredValue(id), ct) is { } one
                    ? new(one, Text(one))
                    : CommandOutput.Failed("Nothing that failed has this id. See: gateway failed list")
        );
    }

    private static string Text(FailedItem one) =>
        string.Join(
            '\n',
            [
                $"{one.Id}  {one.Site}",
                $"{one.Code}: {one.Reason}",
                .. (one.Details ?? new Dictionary<string, string>()).Select(detail =>
                    $"{char.ToUpperInvariant(detail.Key[0])}{detail.Key[1..]}: {detail.Value}"
                ),
                $"Cause: {one.Cause}",
                .. one.Body is { } body ? [body] : Array.Empty<string>(),
            ]
        );

    private static Command Replay(Func<Task<IServiceProvider>> services)
    {
        var id = Id();
        var cause = Cause("Everything that failed for this cause");
        var email = new Option<string?>("--email") { Description = "Take the address from this field of the form" };
        var name = new Option<string?>("--name") { Description = "Take the person's name from this field of the form" };
        var list = new Option<string?>("--list") { Description = "Subscribe to this list instead, lst_…" };
        var twice = new Option<bool>("--may-arrive-twice")
        {
            Description = "With --cause, for what may have been sent already: accept that it may arrive twice",
        };
        return new Command(
            "replay",
            "Try one of them, or all of a cause, again; what came in stays as it is, the change is recorded beside it; an SMS of unknown "
                + "outcome may then arrive twice"
        )
        {
            id,
            cause,
            email,
            name,
            list,
            twice,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var failed = scope.GetRequiredService<FailedItems>();
                var change = new ReplayChange(parsed.GetValue(email), parsed.GetValue(list), parsed.GetValue(name));
                switch (parsed.GetValue(id), parsed.GetValue(cause))
                {
                    case (null, { } all) when FailedItem.MayArriveTwice(all.Split('-')[0]) && !parsed.GetValue(twice):
                        return CommandOutput.Failed("These may have been sent. Add --may-arrive-twice to send them again all the same.");
                    case (null, { } all):
                        return Replayed(await failed.ReplayCauseAsync(all, change, null, Actor, ct));
                    case ({ } one, null):
                        return await failed.ReplayAsync(one, change, Actor, ct) is { } error
                            ? CommandOutput.Failed(error)
                            : new(new { id = one, replayed = true }, "It will be tried again within a minute.");
                    default:
                        return OneOrAll();
                }
            }
        );
    }

    private static Command Dismiss(Func<Task<IServiceProvider>> services, bool restore)
    {
        var id = Id();
        var cause = Cause(restore ? "Everything of this cause that was dismissed" : "Everything that failed for this cause");
        return new Command(
            restore ? "restore" : "dismiss",
            restore ? "Undo a dismissal" : "Say that one of them, or all of a cause, needs nothing more; nothing is deleted"
        )
        {
            id,
            cause,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var failed = scope.GetRequiredService<FailedItems>();
                var (name, done) = restore ? ("restored", "wait for a decision again") : ("dismissed", "are dismissed");
                switch (parsed.GetValue(id), parsed.GetValue(cause))
                {
                    case (null, { } all):
                        return Counted(
                            await (
                                restore ? failed.RestoreCauseAsync(all, null, Actor, ct) : failed.DismissCauseAsync(all, null, Actor, ct)
                            ),
                            name,
                            done
                        );
                    case ({ } one, null):
                        return await failed.DismissAsync(one, restore, Actor, ct) is { } error
                            ? CommandOutput.Failed(error)
                            : new(new { id = one, done = name }, restore ? "It waits for a decision again." : "It is dismissed.");
                    default:
                        return OneOrAll();
                }
            }
        );
    }

    private static Argument<string?> Id() => new("ID") { Description = Ids, Arity = ArgumentArity.ZeroOrOne };

    private static Option<string?> Cause(string description) =>
        new("--cause") { Description = description + ", as `failed list --by-cause` names it" };

    private static CommandOutput Replayed(DecidedCause cause) =>
        cause switch
        {
            { Done: 0, Refused: 0 } => CommandOutput.Failed(NoSuchCause),
            { Done: 0 } => CommandOutput.Failed($"None of {cause.Refused} can be tried again. {cause.Why}"),
            _ => new(
                new { replayed = cause.Done, refused = cause.Refused },
                $"{cause.Done} will be tried again."
                    + (cause.Refused == 0 ? "" : $" {cause.Refused} cannot be, such as for this reason: {cause.Why}")
            ),
        };

    private static CommandOutput Counted(int count, string name, string done) =>
        count == 0 ? CommandOutput.Failed(NoSuchCause) : new(new Dictionary<string, int> { [name] = count }, $"{count} {done}.");

    private static CommandOutput OneOrAll() => CommandOutput.Failed("Name one by its ID, or all of a cause by --cause.");
}
