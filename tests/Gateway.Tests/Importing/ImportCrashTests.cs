using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Xunit.Abstractions;

namespace Gateway.Tests.Importing;

/// <summary>Whatever moment the process dies at, an import goes on where it was.</summary>
[Collection(Killing.Name)]
public sealed class ImportCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_and_each_person_is_there_once()
    {
        await using var import = new KilledImport(output);

        await import.RunAsync(rows: FullRun.IsAsked ? 20_000 : 8_000);
    }
}
