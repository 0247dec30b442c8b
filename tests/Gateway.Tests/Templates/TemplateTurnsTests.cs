using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Templates.Language;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates;

/// <summary>Whoever looks at many templates at once waits for their own turns, and nobody else does.</summary>
[Trait("Database", "both")]
public sealed class TemplateTurnsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task One_site_that_asks_for_much_keeps_no_other_waiting_and_is_told_to_come_again()
    {
        var (busy, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = (await busy.AddTemplateAsync("slow", words: Words())).Id;
        var (theirs, ours) = (await busy.TokenAsync("mail"), await other.TokenAsync("mail"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(other, ours, "/v1/templates/lint", Tiny(), CancellationToken.None)).Status);
        using var hangUp = new CancellationTokenSource();

        // Each takes its whole second of processor time, twice; 42 of them are taken in.
        var lookedAt = 0;
        var slow = Enumerable.Range(0, 60).Select(_ => LookSlowlyAsync()).ToList();
        var refused = await (await Task.WhenAny(slow));

        Assert.Equal((HttpStatusCode.TooManyRequests, "templates_busy"), (refused.Status, refused.Code));
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);

        var quick = await PostAsync(other, ours, "/v1/templates/lint", Tiny(), CancellationToken.None);

        Assert.True(quick.Status == HttpStatusCode.OK, quick.Text);
        Assert.InRange(lookedAt, 0, 30);

        // Whoever hung up takes no place: the same site may go on at once.
        await hangUp.CancelAsync();
        var before = lookedAt;
        var again = await PostAsync(busy, theirs, "/v1/templates/lint", Tiny(), CancellationToken.None);

        Assert.True(again.Status == HttpStatusCode.OK, again.Text);
        await Task.WhenAll(slow).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.InRange(lookedAt, before, before + 4);

        async Task<Answer> LookSlowlyAsync()
        {
            JsonObject body = new() { ["source"] = Words("s", HostileTemplates.Html["long searches"], "x") };
            var answer = await PostAsync(busy, theirs, $"/v1/templates/{id}/preview", body, hangUp.Token);
            if (answer.Status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref lookedAt);
            }

            return answer;
        }
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_does_not_begin_and_what_runs_ends()
    {
        var site = Guid.CreateVersion7();
        using var hangUp = new CancellationTokenSource();
        using var running = new CountdownEvent(2);
        var begun = 0;
        Task<bool> RunAsync() =>
            TemplateThreads.Looking.RunAsync(
                site,
                () =>
                {
                    running.Signal();
                    hangUp.Token.WaitHandle.WaitOne();
                    CpuBudget.Check();
                    return true;
                },
                hangUp.Token
            );
        Task<bool>[] first = [RunAsync(), RunAsync()];
        running.Wait(CancellationToken.None);
        var next = TemplateThreads.Looking.RunAsync(site, () => Interlocked.Increment(ref begun), hangUp.Token);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first[0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first[1]);
        Assert.Equal(0, begun);
    }

    private static JsonObject Tiny() =>
        new()
        {
            ["kind"] = "list",
            ["subject"] = "s",
            ["html"] = "<p>Hello</p>",
        };

    private static async Task<Answer> PostAsync(SiteUnderTest site, string token, string path, JsonObject body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", token);
        using var response = await site.Browser.SendAsync(request, ct);
        return await Answer.ReadAsync(response);
    }
}
