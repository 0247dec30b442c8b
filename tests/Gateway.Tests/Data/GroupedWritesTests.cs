using Gateway.Infrastructure.Data;

namespace Gateway.Tests.Data;

[Trait("Database", "none")]
public sealed class GroupedWritesTests
{
    [Fact]
    public async Task What_arrives_during_a_write_is_written_together_and_what_cannot_be_written_spoils_nothing_else()
    {
        var begin = new TaskCompletionSource();
        var groups = new List<int[]>();
        var writes = new GroupedWrites<int, int>(async group =>
        {
            groups.Add([.. group]);
            await begin.Task;
            return group.Contains(13) ? throw new ArgumentException("Nobody can store this.") : [.. group.Select(one => 10 * one)];
        });

        var first = writes.AddAsync(1);
        await Hosting.Eventually.BecomesTrueAsync(() => Task.FromResult(groups.Count == 1));
        var (second, bad, third) = (writes.AddAsync(2), writes.AddAsync(13), writes.AddAsync(3));
        begin.SetResult();

        var written = await Task.WhenAll(first, second, third);
        Assert.Equal([10, 20, 30], written);
        await Assert.ThrowsAsync<ArgumentException>(() => bad);
        Assert.Equal(
            [
                [1],
                [2, 13, 3],
                [2],
                [13],
                [3],
            ],
            groups
        );
    }
}
