using System.CommandLine;

namespace Gateway.Infrastructure.Commands;

/// <summary>Where a command reads and writes.</summary>
internal sealed class CommandConsole : InvocationConfiguration
{
    // What stops a start stops a command too, and is told in the same way.
    public CommandConsole() => EnableDefaultExceptionHandler = false;

    public TextReader Input { get; init; } = System.Console.In;

    public static CommandConsole Of(ParseResult parsed) => (CommandConsole)parsed.InvocationConfiguration;
}
