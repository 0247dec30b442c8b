using System.Globalization;
using System.Text.Json;
using Gateway.CommandLine;
using Gateway.Infrastructure;

namespace Gateway.Tests.Hosting;

/// <summary>What a command did. In this process it has writers of its own, so that any number may run side by side.</summary>
internal sealed record CommandResult(int Code, string Output, string Error)
{
    /// <summary>The line of JSON that it printed.</summary>
    public JsonElement Json => Output.Length > 0 ? JsonDocument.Parse(Output).RootElement : throw new InvalidOperationException(Error);

    /// <param name="services">As <see cref="GatewayCommands.RunAsync"/> takes them.</param>
    /// <param name="input">What somebody types into it.</param>
    public static Task<CommandResult> OfAsync(Func<Task<IServiceProvider>> services, string input, params string[] arguments) =>
        OfAsync(services, _ => services(), input, arguments);

    /// <inheritdoc cref="OfAsync(Func{Task{IServiceProvider}}, string, string[])"/>
    public static async Task<CommandResult> OfAsync(
        Func<Task<IServiceProvider>> services,
        Func<string?, Task<IServiceProvider>> unprepared,
        string input,
        params string[] arguments
    )
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var typed = new StringReader(input);
        var code = 1;
        try
        {
            code = await GatewayCommands.RunAsync(
                arguments,
                services,
                unprepared,
                new()
                {
                    Input = typed,
                    Output = output,
                    Error = error,
                }
            );
        }
        catch (Exception stopped) when (StartupErrors.Sentences(stopped) is { } sentences)
        {
            // As the entry point does, which the tests that start a process hold to it.
            await error.WriteAsync(string.Join('\n', sentences));
        }

        return new(code, output.ToString(), error.ToString());
    }
}
