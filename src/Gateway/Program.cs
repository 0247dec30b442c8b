using Gateway;
using Gateway.Infrastructure;

try
{
    return await GatewayHost.RunAsync(args);
}
catch (Exception error) when (error is not HostAbortedException)
{
    // Tools that only want the program's services end its start by the exception that is left out.
    foreach (var sentence in StartupErrors.Sentences(error) ?? [StartupErrors.Unforeseen(error)])
    {
        await Console.Error.WriteLineAsync(sentence);
    }

    return 1;
}

/// <summary>The entry point, visible to the tests' host.</summary>
public partial class Program;
