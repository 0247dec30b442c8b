using Gateway.Features.Lists;
using Gateway.Features.Lists.Webhook;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Tests.Connections;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Lists;

public sealed class MailchimpAdapterTests : ListAdapterContract
{
    private protected override Task<IListAccount> NewAccountAsync() =>
        Task.FromResult<IListAccount>(new MailchimpAccount(new(Gateway.Network)));
}

public sealed class MailerLiteAdapterTests : ListAdapterContract
{
    private protected override Task<IListAccount> NewAccountAsync() =>
        Task.FromResult<IListAccount>(new MailerLiteAccount(Gateway.MailerLite.NewAccount()));
}

/// <summary>The address hears of everything and decides for itself: a program of the site's owner stands there.</summary>
public sealed class WebhookListAdapterTests : ListAdapterContract, IAsyncLifetime
{
    private Receiver? _receiver;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(Gateway);

    public async Task DisposeAsync() => await _receiver!.DisposeAsync();

    [Fact]
    public async Task Each_request_is_signed_and_says_what_to_do()
    {
        var account = NewAccount();
        var site = await Gateway.NewSiteAsync();

        await site.ConnectedAsync("webhook", account.Settings.ToJsonString());

        var test = Assert.Single(_receiver!.Told);
        Assert.True(test.IsSignedWith((string)account.Settings["secret"]!));
        Assert.Equal(("test", 0), (test.Type, test.Json["changes"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_change_that_is_wanted_anew_has_another_id_so_that_no_receiver_takes_it_for_a_repeat()
    {
        var site = await Gateway.NewSiteAsync();
        var account = NewAccount();
        var connection = await site.ConnectedAsync("webhook", account.Settings.ToJsonString());
        await site.KeepsListAsync(account, connection);

        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);
        for (var time = 1; time <= 2; time++)
        {
            var version = 1 + time;
            await site.EnqueueAsync(ada, DesiredState.Subscribed, fresh: false);
            await site.SyncedAsync(ada, row => row.DueAt is null && row.DesiredVersion == version);
        }

        var told = _receiver!.Told.Where(one => one.Type == "list.changes").ToList();
        Assert.Equal(3, told.Count);
        Assert.Equal(3, told.Select(one => one.Id).Distinct().Count());
        Assert.Equal(3, told.Select(one => (string)one.Json["changes"]![0]!["id"]!).Distinct().Count());
    }

    [Theory]
    [InlineData("https://192.168.0.7/members")]
    [InlineData("https://localhost.localdomain/members")]
    [InlineData("ftp://crm.example.org/members")]
    [InlineData("https://user:password@crm.example.org/members")]
    [InlineData("nonsense")]
    public async Task An_address_that_may_not_be_called_is_refused(string url)
    {
        using var client = new WebhookListClient(
            new(new FakeNames()),
            Options.Create(new HooksOptions { AllowPrivateTargets = false }),
            TimeProvider.System
        );

        Assert.NotNull(client.ErrorOf(new() { Url = url, Secret = WebhookSignature.NewSecret() }));
    }

    private protected override Task<IListAccount> NewAccountAsync() => Task.FromResult<IListAccount>(NewAccount());

    private WebhookAccount NewAccount()
    {
        var account = new WebhookAccount(_receiver!.NewUrl());
        _receiver.Answer = http =>
        {
            http.Response.StatusCode = (int)account.Take(_receiver.Told.Last());
            return Task.CompletedTask;
        };
        return account;
    }
}
