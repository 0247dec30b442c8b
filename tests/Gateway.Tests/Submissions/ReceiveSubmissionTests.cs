using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Submissions;

[Trait("Database", "both")]
public sealed class ReceiveSubmissionTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_retried_submission_is_stored_once_and_keeps_its_id()
    {
        var site = await gateway.NewSiteAsync();
        var submission = site.Submission();

        var first = await site.SubmitAsync(submission);
        var again = await site.SubmitAsync(submission);

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(1, await site.CountSubmissionsAsync());
    }

    [Fact]
    public async Task A_key_used_for_other_content_is_a_conflict()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(key: "wp-1", email: "ada@example.org");

        var other = await site.SubmitAsync(key: "wp-1", email: "eve@example.org");

        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("key_reused", other.Code);
        Assert.Equal(1, await site.CountSubmissionsAsync());
    }

    [Fact]
    public async Task Thirty_at_once_with_one_key_become_one_submission()
    {
        var site = await gateway.NewSiteAsync();
        var submission = site.Submission(key: "same");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.SubmitAsync(submission)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Equal(1, await site.CountSubmissionsAsync());
    }

    [Fact]
    public async Task A_processed_submission_is_done()
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync((await site.SubmitAsync()).Id);

        Assert.Equal(Features.Submissions.SubmissionState.Done, row.State);
        Assert.Null(row.DueAt);
    }
}
