using System.Net;
using System.Net.Http.Json;
using Gateway.Features.Mail;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Mail;

/// <summary>Whoever has a site's token cannot fill somebody's mailbox with it.</summary>
[Trait("Database", "both")]
public sealed class MessageBudgetTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_site_may_write_to_one_mailbox_so_often_an_hour_however_the_address_is_written()
    {
        await using var gateway = await StartAsync(("Mail__Budget__MailboxPerHour", "3"));
        var (site, other) = (await gateway.AddSiteAsync(), await gateway.AddSiteAsync());
        string[] writings = ["ada.byron@gmail.com", "adabyron+1@gmail.com", "Ada.Byron@googlemail.com"];
        foreach (var to in writings)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, to, key: to)).Status);
        }

        var refused = await SendAsync(gateway, site, "a.d.a.byron@gmail.com");

        Assert.Equal((HttpStatusCode.TooManyRequests, "recipient_limit"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Json["errors"]!["to"]);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Equal(3, await CountAsync(gateway));

        // A retry of what was taken in is answered as before; other mailboxes and other sites are not concerned.
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, writings[0], key: writings[0])).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, "bob@gmail.com")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, other, writings[0])).Status);

        gateway.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, writings[0])).Status);
    }

    [Fact]
    public async Task A_site_may_send_so_much_a_day()
    {
        await using var gateway = await StartAsync(("Mail__Budget__SitePerDay", "4"));
        var site = await gateway.AddSiteAsync();
        for (var number = 0; number < 4; number++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, $"person{number}@example.org")).Status);
        }

        var refused = await SendAsync(gateway, site, "last@example.org");

        Assert.Equal((HttpStatusCode.TooManyRequests, "budget_exceeded"), (refused.Status, refused.Code));
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.FromHours(23));
        gateway.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, "last@example.org")).Status);
    }

    [Fact]
    public async Task Two_gateways_at_once_spend_exactly_what_there_is()
    {
        await using var one = await StartAsync(("Mail__Budget__MailboxPerHour", "5"));
        await using var two = await Replica.StartAsync(database, one.Clock, ("Mail__Budget__MailboxPerHour", "5"));
        var site = await one.AddSiteAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(number => SendAsync(number % 2 == 0 ? one : two, site, $"ada+{number}@example.org"))
        );

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.Equal(11, answers.Count(answer => answer.Code == "recipient_limit"));
        Assert.Equal(5, await CountAsync(one));
    }

    [Fact]
    public async Task Requests_with_one_key_spend_once()
    {
        await using var gateway = await StartAsync(("Mail__Budget__MailboxPerHour", "1"));
        var site = await gateway.AddSiteAsync();

        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(gateway, site, "ada@example.org", key: "one")));

        Assert.All(same, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(gateway, site, "ada@example.org")).Status);
    }

    [Fact]
    public async Task Confirmation_mails_and_transactional_mails_count_apart()
    {
        await using var gateway = await StartAsync(("Mail__Budget__MailboxPerHour", "1"), ("Confirmations__Budget__MailboxPerHour", "1"));
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync("ada@example.org");
        Assert.Equal(1, await gateway.CountMailsAsync());
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(gateway, site, "ada@example.org")).Status);

        Assert.Equal(2, await gateway.CountMailsAsync());
    }

    private Task<Replica> StartAsync(params (string, string)[] settings) => Replica.StartAsync(database, clock: null, settings);

    private static async Task<Answer> SendAsync(Replica gateway, ReplicaSite site, string to, string? key = null)
    {
        using var asked = await gateway.Browser.PostAsync(
            "/oauth/token",
            new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", site.Keys.ClientId),
                new("client_secret", site.Keys.ClientSecret),
                new("scope", "mail"),
            ])
        );
        var token = (string)(await Answer.ReadAsync(asked)).Json["access_token"]!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = JsonContent.Create(MessageCalls.Mail(to)),
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("Idempotency-Key", key ?? $"{Guid.CreateVersion7()}");
        using var response = await gateway.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static Task<int> CountAsync(Replica gateway) => gateway.InDatabaseAsync(db => db.Messages.CountAsync());
}
