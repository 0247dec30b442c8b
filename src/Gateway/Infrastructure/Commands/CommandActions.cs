using System.CommandLine;

namespace Gateway.Infrastructure.Commands;

/// <summary>What a command does.</summary>
internal static class CommandActions
{
    /// <summary>Gives a command its action: runs it in a scope of its own and turns what it answers into output and exit code.</summary>
    public static Command Does(
        this Command command,
        Func<Task<IServiceProvider>> services,
        Func<IServiceProvider, ParseResult, CancellationToken, Task<CommandOutput>> run
    )
    {
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var scope = (await services()).CreateAsyncScope();
                var output = await run(scope.ServiceProvider, parsed, ct);
                return output.Print(parsed);
            }
        );
        return command;
    }
}
