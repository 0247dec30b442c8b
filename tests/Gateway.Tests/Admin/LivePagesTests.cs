using System.Net;
using Gateway.Console.Live;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>A page is told when what it shows has changed, for as long as its reader is signed in.</summary>
public sealed class LivePagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_page_is_told_when_the_story_of_a_submission_goes_on()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"{Guid.CreateVersion7():N}@live.example";
        var submitted = await site.SubmitAsync(email: address);
        var links = await site.LinksForAsync(address);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/submissions/{submitted.Id}");
        var path = page.Document.QuerySelector("[data-stream]")!.GetAttribute("data-stream")!;

        using var answer = await browser.FollowAsync(path);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await ChangedAsync(lines);
        await site.ConfirmAsync("/c/" + links.Confirm);
        await ChangedAsync(lines);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(answer.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(new(HttpMethod.Head, path))).Status);
        Assert.Equal("/stream.js", page.Document.QuerySelector("script")!.GetAttribute("src"));
    }

    [Fact]
    public async Task A_stream_ends_when_its_reader_signs_out()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        using var answer = await browser.FollowAsync($"/admin/sites/{site.PublicId}/live");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await ChangedAsync(lines);

        await browser.PressAsync(await browser.OpenAsync("/admin"), "Sign out");

        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (await lines.ReadLineAsync(patience.Token) is not null) { }
        var after = await browser.FollowAsync($"/admin/sites/{site.PublicId}/live");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task One_reader_has_a_few_streams_and_gets_another_when_one_ends()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var open = new List<HttpResponseMessage>();
        for (var number = 0; number < 4; number++)
        {
            open.Add(await browser.FollowAsync("/admin/live"));
        }

        using var more = await browser.FollowAsync("/admin/live");
        open.ForEach(answer => answer.Dispose());

        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, more.StatusCode);
        await Eventually.BecomesTrueAsync(async () =>
        {
            using var again = await browser.FollowAsync("/admin/live");
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Nothing_is_told_of_another_sites_submission()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var submitted = await site.SubmitAsync();
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", other);

        using var foreign = await bob.FollowAsync($"/admin/sites/{site.PublicId}/submissions/{submitted.Id}/live");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var astray = await bob.FollowAsync($"/admin/sites/{other.PublicId}/submissions/{submitted.Id}/live");
        Assert.Equal(HttpStatusCode.NotFound, astray.StatusCode);
        foreach (var typed in (string[])["sessions", "overview%20operator", $"site%20{site.Id:N}", submitted.Id])
        {
            using var none = await bob.FollowAsync($"/admin/sites/{other.PublicId}/messages/{typed}/live");
            Assert.Equal((typed, HttpStatusCode.NotFound), (typed, none.StatusCode));
        }

        using var nobody = await new AdminBrowser(gateway).FollowAsync($"/admin/sites/{site.PublicId}/live");
        Assert.Equal(HttpStatusCode.Redirect, nobody.StatusCode);
    }

    [Fact]
    public async Task What_ends_by_itself_is_looked_at_anew_by_who_follows_next()
    {
        var watch = ActivatorUtilities.CreateInstance<LiveWatch>(gateway.Services);
        var reads = 0;
        var topic = new LiveTopic("gone", (_, _) => Task.FromResult(Interlocked.Increment(ref reads) < 0 ? "" : null));

        for (var times = 1; times <= 3; times++)
        {
            using var one = watch.Follow(topic);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(one.HasEnded));
            Assert.Equal(times, reads);
        }
    }

    [Fact]
    public async Task What_nobody_follows_is_not_looked_at_any_more()
    {
        var watch = ActivatorUtilities.CreateInstance<LiveWatch>(gateway.Services);
        var ending = CancellationToken.None;
        var topic = new LiveTopic(
            "there",
            (_, ct) =>
            {
                ending = ct;
                return Task.FromResult<string?>("here");
            }
        );

        var (first, second) = (watch.Follow(topic), watch.Follow(topic));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(first.State == "here"));
        first.Dispose();
        first.Dispose();
        Assert.False(ending.IsCancellationRequested);
        second.Dispose();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(ending.IsCancellationRequested));
    }

    /// <summary>Reads on to the next event that says that something changed.</summary>
    private static async Task ChangedAsync(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        string? line;
        do
        {
            line = await lines.ReadLineAsync(patience.Token);
            Assert.NotNull(line);
        } while (line != "event: changed");
    }
}
