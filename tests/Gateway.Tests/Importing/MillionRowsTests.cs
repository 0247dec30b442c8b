using Gateway.Tests.Crash;
using Xunit.Abstractions;

namespace Gateway.Tests.Importing;

/// <summary>
/// A file with a million rows: the memory it takes does not follow its size. <c>GATEWAY_IMPORT_ROWS</c> says another number of rows.
/// </summary>
[Trait("Run", "full")]
[Collection(Alone.Name)]
public sealed class MillionRowsTests(ITestOutputHelper output)
{
    /// <summary>What a gateway takes that imports nothing is about half of it.</summary>
    private const long MostMemory = 500L * 1024 * 1024;

    private static readonly int Rows = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_IMPORT_ROWS"), out var rows)
        ? rows
        : 1_000_000;

    [Fact]
    public async Task A_million_rows_are_imported_once_each_through_a_kill_in_bounded_memory()
    {
        await using var import = new KilledImport(output);

        var peak = await import.RunAsync(Rows);

        Assert.True(peak < MostMemory, $"{peak / 1024 / 1024} MB");
    }
}
