using Gateway.Features.Submissions;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Submissions;

/// <summary>A process works on what it has just stored without looking for it, and what it leaves is neither lost nor done twice.</summary>
[Trait("Database", "both")]
public sealed class FreshSubmissionsTests : IAsyncLifetime, IDisposable
{
    private readonly TestDatabase _database = new();
    private Replica _replica = null!;
    private ReplicaSite _site = null!;

    [Fact]
    public async Task What_was_just_stored_is_processed_before_it_is_due_in_the_table()
    {
        await _site.SignUpAsync("ann@example.org");
        var stored = await SubmissionAsync();
        Assert.Equal((stored.ReceivedAt + FreshSubmissions.Reserve, 1), (stored.DueAt, stored.Attempts));

        await _replica.WorkAsync<ProcessSubmissions>();

        Assert.Equal(
            (SubmissionState.Done, 1, null),
            (await SubmissionAsync() is var done ? (done.State, done.Attempts, done.DueAt) : default)
        );
        Assert.Single(await _site.RequestsAsync());
    }

    [Fact]
    public async Task Of_a_process_that_ended_others_find_it_in_the_table_when_its_time_is_over()
    {
        await using var other = await Replica.StartAsync(_database, _replica.Clock);
        await _site.SignUpAsync("ann@example.org");

        await other.WorkAsync<ProcessSubmissions>();
        Assert.Equal(SubmissionState.Waiting, (await SubmissionAsync()).State);

        _replica.Clock.Advance(FreshSubmissions.Reserve);
        await other.WorkAsync<ProcessSubmissions>();
        Assert.Equal(SubmissionState.Done, (await SubmissionAsync()).State);
        Assert.Single(await _site.RequestsAsync());
    }

    [Fact]
    public async Task What_another_process_has_ended_meanwhile_is_not_done_again()
    {
        await _site.SignUpAsync("ann@example.org");
        await _replica.InDatabaseAsync(db =>
            db.Submissions.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.State, SubmissionState.Done)
                    .SetProperty(row => row.DueAt, (DateTime?)null)
                    .SetProperty(row => row.Attempts, 2)
            )
        );

        await _replica.WorkAsync<ProcessSubmissions>();

        Assert.Empty(await _site.RequestsAsync());
    }

    [Fact]
    public async Task What_has_waited_in_memory_for_long_is_left_to_the_table()
    {
        await _site.SignUpAsync("ann@example.org");

        _replica.Clock.Advance(FreshSubmissions.Reserve / 2);
        Assert.Empty(_replica.Services.GetRequiredService<FreshSubmissions>().Take(10));
        await _replica.WorkAsync<ProcessSubmissions>();
        Assert.Equal(SubmissionState.Waiting, (await SubmissionAsync()).State);

        _replica.Clock.Advance(FreshSubmissions.Reserve / 2);
        await _replica.WorkAsync<ProcessSubmissions>();
        Assert.Equal((SubmissionState.Done, 2), (await SubmissionAsync() is var done ? (done.State, done.Attempts) : default));
        Assert.Single(await _site.RequestsAsync());
    }

    [Fact]
    public async Task One_with_a_long_body_waits_in_the_table()
    {
        await _site.SignUpAsync(new string('a', 9_000) + "@example.org");

        var stored = await SubmissionAsync();

        Assert.Equal((stored.ReceivedAt, 0), (stored.DueAt, stored.Attempts));
    }

    [Fact]
    public async Task Without_a_worker_in_this_process_it_is_due_at_once()
    {
        await using var api = await Replica.StartAsync(_database, _replica.Clock);
        var site = await api.AddSiteAsync();

        await site.SignUpAsync("ann@example.org");

        var stored = await SubmissionAsync();
        Assert.Equal((stored.ReceivedAt, 0), (stored.DueAt, stored.Attempts));
    }

    public async Task InitializeAsync()
    {
        _replica = await Replica.StartAsync(_database);
        _site = await _replica.AddSiteAsync();

        // Its worker works when the test says so, and counts as running meanwhile.
        _replica.Services.GetRequiredService<QueueWorkerSignals>().Of(typeof(ProcessSubmissions)).Entered();
    }

    async Task IAsyncLifetime.DisposeAsync() => await _replica.DisposeAsync();

    public void Dispose() => _database.Dispose();

    private Task<Submission> SubmissionAsync() => _replica.InDatabaseAsync(db => db.Submissions.AsNoTracking().SingleAsync());
}
