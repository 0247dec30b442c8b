using System.Data.Common;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Data;

public sealed class GroupCommitTests
{
    private readonly TaskCompletionSource begin = new();
    private readonly List<int[]> groups = [];
    private Func<IReadOnlyList<int>, Exception?> failure = _ => null;

    [Fact]
    public async Task What_arrives_during_a_commit_is_written_together_and_what_cannot_be_written_spoils_nothing_else()
    {
        var split = new List<int>();
        var commits = new GroupCommit<int, int>(WriteAsync) { OnGroupFailed = (count, _) => split.Add(count) };
        failure = group => group.Contains(13) ? new ArgumentException("Nobody can store this.") : null;

        var first = await BeginAsync(commits, 1);
        var (second, bad, third) = (commits.AddAsync(2), commits.AddAsync(13), commits.AddAsync(3));
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
        Assert.Equal([3], split);
    }

    [Fact]
    public async Task A_database_that_is_away_fails_the_whole_group_after_one_more_try()
    {
        var commits = new GroupCommit<int, int>(WriteAsync);
        failure = group => group.Contains(1) ? null : new InvalidOperationException("Wrapped", new Away());

        var first = await BeginAsync(commits, 1);
        Task<int>[] others = [commits.AddAsync(2), commits.AddAsync(3), commits.AddAsync(4)];
        begin.SetResult();

        Assert.Equal(10, await first);
        foreach (var one in others)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => one.WaitAsync(TimeSpan.FromSeconds(10)));
        }

        Assert.Equal(
            [
                [1],
                [2, 3, 4],
                [2],
            ],
            groups
        );
    }

    [Fact]
    public async Task No_group_is_larger_than_it_may_be_and_what_finds_no_room_to_wait_is_answered_at_once()
    {
        var commits = new GroupCommit<int, int>(WriteAsync) { MaxInGroup = 2, Limit = (Waiting: 3, Otherwise: -1) };

        var first = await BeginAsync(commits, 1);
        Task<int>[] waiting = [commits.AddAsync(2), commits.AddAsync(3), commits.AddAsync(4)];
        Assert.Equal(-1, await commits.AddAsync(5));
        begin.SetResult();

        var written = await Task.WhenAll(waiting);
        Assert.Equal([20, 30, 40], written);
        Assert.Equal(10, await first);
        Assert.Equal(
            [
                [1],
                [2, 3],
                [4],
            ],
            groups
        );
    }

    [Fact]
    public async Task Its_end_waits_for_all_that_was_taken_in()
    {
        var commits = new GroupCommit<int, int>(WriteAsync);
        var first = await BeginAsync(commits, 1);
        var second = commits.AddAsync(2);

        var end = commits.DisposeAsync().AsTask();
        Assert.False(end.IsCompleted);
        begin.SetResult();
        await end;

        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
    }

    /// <summary>Adds the first, and returns when its write is under way and held.</summary>
    private async Task<Task<int>> BeginAsync(GroupCommit<int, int> commits, int first)
    {
        var outcome = commits.AddAsync(first);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(groups.Count == 1));
        return outcome;
    }

    private async Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<int> group)
    {
        groups.Add([.. group]);
        await begin.Task;
        return failure(group) is { } error ? throw error : [.. group.Select(one => 10 * one)];
    }

    private sealed class Away : DbException
    {
        public override bool IsTransient => true;
    }
}
