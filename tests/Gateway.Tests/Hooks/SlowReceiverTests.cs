using System.Diagnostics;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Hooks;

/// <summary>Receivers that hang, never end, or answer with nonsense cost nobody but themselves.</summary>
public sealed class SlowReceiverTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_host_that_hangs_with_hundreds_of_deliveries_does_not_delay_another()
    {
        await using var hanging = await Receiver.StartAsync(gateway);
        await using var quick = await Receiver.StartAsync(gateway);
        hanging.Answer = HangAsync;
        var slow = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();
        var stuck = await slow.HookAsync("sms.sent", hanging.NewUrl());
        await other.HookAsync("sms.sent", quick.NewUrl());
        await slow.HappensAsync(300);
        await hanging.ToldAsync(8);

        await other.HappensAsync();
        await quick.ToldAsync(1);

        // Long before the one that hangs is through with its own.
        Assert.InRange(hanging.Told.Count, 8, 150);
        await slow.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + stuck);
    }

    [Fact]
    public async Task A_host_gets_at_most_thirty_requests_a_second()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        await site.HookAsync("sms.sent", receiver.NewUrl());

        var began = TimeProvider.System.GetTimestamp();
        await site.HappensAsync(100);
        var last = (await receiver.ToldAsync(100)).Max(told => told.At);

        Assert.InRange(Stopwatch.GetElapsedTime(began, last), TimeSpan.FromSeconds(2.5), Eventually.Patience);
        Assert.Equal(100, receiver.Told.Select(told => told.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_receiver_that_says_nothing_is_given_up_after_the_time_limit_and_tried_again()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.Answer = HangAsync;
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());

        await site.HappensAsync();

        var waiting = await site.DeliveryAsync(hook, one => one["answer"] is not null);
        Assert.Equal("waiting", (string)waiting["state"]!);
        Assert.Equal("It did not answer in time.", (string)waiting["answer"]!);
    }

    /// <summary>
    /// The status says that it arrived; what else the receiver has to say is not waited for, and the connection is closed on it.
    /// </summary>
    [Theory]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public async Task An_answer_of_megabytes_or_without_end_is_not_read_to_its_end(int megabytes)
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var isOver = new TaskCompletionSource();
        receiver.Answer = async http =>
        {
            var chunk = new byte[1024 * 1024];
            try
            {
                for (var written = 0; written < megabytes; written++)
                {
                    await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
                }
            }
            finally
            {
                isOver.TrySetResult();
            }
        };
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());

        await site.HappensAsync();

        Assert.Equal("200", (string)(await site.DeliveryAsync(hook, "delivered"))["answer"]!);
        await isOver.Task.WaitAsync(Eventually.Patience);
        Assert.Single(receiver.Told);
    }

    [Theory]
    [InlineData(301, "/elsewhere")]
    [InlineData(307, "http://169.254.169.254/latest/meta-data")]
    [InlineData(308, "https://hooks.example.org/")]
    public async Task A_redirect_is_not_followed(int status, string location)
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = location;
            return Task.CompletedTask;
        };
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());

        await site.HappensAsync();

        var waiting = await site.DeliveryAsync(hook, one => one["answer"] is not null);
        Assert.Equal($"{status}: redirects are not followed; make the hook with its final address.", (string)waiting["answer"]!);
        Assert.Equal(["/hook"], receiver.Told.Select(told => told.Path).Distinct());
        await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook);
    }

    [Fact]
    public async Task A_receiver_that_cannot_be_reached_is_told_later()
    {
        string url;
        await using (var gone = await Receiver.StartAsync(gateway))
        {
            url = gone.NewUrl();
        }

        var site = await gateway.NewSiteAsync();
        var closed = await site.HookAsync("sms.sent", url);
        var unknown = await site.HookAsync("sms.sent", $"http://{Guid.CreateVersion7():N}.unknown.test/");
        await site.HappensAsync();

        Assert.Equal("It could not be reached.", (string)(await site.DeliveryAsync(closed, one => one["answer"] is not null))["answer"]!);
        Assert.Equal(
            "Its name could not be resolved.",
            (string)(await site.DeliveryAsync(unknown, one => one["answer"] is not null))["answer"]!
        );
    }

    private static Task HangAsync(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted);
}
