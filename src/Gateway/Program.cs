using Gateway;
using Gateway.Infrastructure;

try
{
    return await GatewayHost.RunAsync(args);
}
catch (Exception error) when (StartupErrors.Sentences(error) is { } sentences)
{
    foreach (var sentence in sentences)
    {
        await Console.Error.WriteLineAsync(sentence);
    }

    return 1;
}

/// <summary>The entry point, visible to the tests' host.</summary>
public partial class Program;
