using System.CommandLine;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Queue;

namespace Gateway.CommandLine;

/// <summary><c>failed list</c>, <c>failed show ID</c>, <c>failed replay ID</c>: what waits for a person.</summary>
internal static class FailedCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("failed", "What could not be done and waits for a decision") { List(services), Show(services), Replay(services) };

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var limit = new Option<int>("--limit") { Description = "How many of each kind at most", DefaultValueFactory = _ => 100 };
        return new Command("list", "List failed submissions, mails, SMS, list syncs and deliveries to hooks, newest first")
        {
            limit,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var failed = await scope.GetRequiredService<FailedItems>().ListAsync(parsed.GetValue(limit), null, ct);
                return new(
                    failed,
                    failed.Count == 0
                        ? "Nothing has failed."
                        : string.Join('\n', failed.Select(one => $"{one.Id}  {one.Site}  {one.Since:yyyy-MM-dd HH:mm} UTC  {one.Reason}"))
                );
            }
        );
    }

    private static Command Show(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("ID") { Description = "sub_…, msg_…, sms_…, syn_… or dlv_…" };
        return new Command("show", "Show one of them, with what came in") { id }.Does(
            services,
            async (scope, parsed, ct) =>
                await scope.GetRequiredService<FailedItems>().FindAsync(parsed.GetRequiredValue(id), ct) is { } one
                    ? new(one, $"{one.Id}  {one.Site}\n{one.Code}: {one.Reason}\n{one.Body}")
                    : CommandOutput.Failed("Nothing that failed has this id. See: gateway failed list")
        );
    }

    private static Command Replay(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("ID") { Description = "sub_…, msg_…, sms_…, syn_… or dlv_…" };
        var email = new Option<string?>("--email") { Description = "Take the address from this field of the form" };
        var list = new Option<string?>("--list") { Description = "Subscribe to this list instead, lst_…" };
        return new Command(
            "replay",
            "Try one of them again; what came in stays as it is, the change is recorded beside it; an SMS of unknown outcome may then "
                + "arrive twice"
        )
        {
            id,
            email,
            list,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var error = await scope
                    .GetRequiredService<FailedItems>()
                    .ReplayAsync(parsed.GetRequiredValue(id), new(parsed.GetValue(email), parsed.GetValue(list)), "cli", ct);
                return error is null
                    ? new(new { id = parsed.GetValue(id), replayed = true }, "It will be tried again within half a minute.")
                    : CommandOutput.Failed(error);
            }
        );
    }
}
