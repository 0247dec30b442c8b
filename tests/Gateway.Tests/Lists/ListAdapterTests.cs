using System.Collections.Concurrent;
using System.Text.Json.Nodes;
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
    private protected override Task<IListAccount> NewAccountAsync() => Task.FromResult<IListAccount>(new Account(new(Gateway)));

    private sealed class Account(FakeMailchimp mailchimp) : IListAccount
    {
        public string Provider => "mailchimp";

        public JsonObject Settings => new() { ["apiKey"] = mailchimp.Key };

        public JsonObject WrongSettings => new() { ["apiKey"] = mailchimp.Key.Replace("0123", "f00d", StringComparison.Ordinal) };

        public string ListId => mailchimp.ListId;

        public bool IsSubscribed(string email) => (string?)mailchimp.Members.GetValueOrDefault(email)?["status"] == "subscribed";

        public int TimesTaken(string email) => mailchimp.Taken.GetValueOrDefault(email);

        public string? PropertyOf(string email, string name) =>
            (string?)mailchimp.Members[email]["merge_fields"]![mailchimp.Fields.Single(field => field.Value == name).Key];

        public void LeavesThere(string email) => mailchimp.Members[email]["status"] = "unsubscribed";

        public void AnswerWith(HttpResponseMessage? answer) => mailchimp.Before = answer is null ? _ => null : _ => Copies.Of(answer);
    }
}

public sealed class MailerLiteAdapterTests : ListAdapterContract
{
    private protected override Task<IListAccount> NewAccountAsync() =>
        Task.FromResult<IListAccount>(new Account(Gateway.MailerLite.NewAccount()));

    private sealed class Account(FakeMailerLiteAccount mailerLite) : IListAccount
    {
        public string Provider => "mailerlite";

        public JsonObject Settings => new() { ["apiKey"] = mailerLite.Key };

        public JsonObject WrongSettings => new() { ["apiKey"] = "wrong." + mailerLite.Key };

        public string ListId => mailerLite.Group;

        public bool IsSubscribed(string email) =>
            mailerLite.Subscribers.TryGetValue(email, out var one)
            && (string?)one["status"] == "active"
            && one["groups"]!.AsArray().Any(group => (string?)group == mailerLite.Group);

        public int TimesTaken(string email) => mailerLite.Taken.GetValueOrDefault(email);

        public string? PropertyOf(string email, string name) =>
            (string?)mailerLite.Subscribers[email]["fields"]![mailerLite.Fields.Single(field => field.Value == name).Key];

        public void LeavesThere(string email) => mailerLite.Subscribers[email]["status"] = "unsubscribed";

        public void AnswerWith(HttpResponseMessage? answer) => mailerLite.Before = answer is null ? _ => null : _ => Copies.Of(answer);
    }
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
        var account = (Account)await NewAccountAsync();
        var site = await Gateway.NewSiteAsync();

        await site.ConnectedAsync("webhook", account.Settings.ToJsonString());

        var test = Assert.Single(_receiver!.Told);
        Assert.True(test.IsSignedWith((string)account.Settings["secret"]!));
        Assert.Equal(("test", 0), (test.Type, test.Json["changes"]!.AsArray().Count));
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

    private protected override Task<IListAccount> NewAccountAsync() => Task.FromResult<IListAccount>(new Account(_receiver!));

    private sealed class Account : IListAccount
    {
        private readonly ConcurrentDictionary<string, JsonObject> _people = new();
        private readonly ConcurrentDictionary<string, int> _taken = new();
        private readonly string _secret = WebhookSignature.NewSecret();
        private readonly string _url;
        private HttpResponseMessage? _answer;

        public Account(Receiver receiver)
        {
            _url = receiver.NewUrl();
            receiver.Answer = async http =>
            {
                var told = receiver.Told.Last();
                http.Response.StatusCode = (int)(_answer?.StatusCode ?? System.Net.HttpStatusCode.OK);
                if (_answer is not null)
                {
                    return;
                }

                if (!told.IsSignedWith(_secret))
                {
                    http.Response.StatusCode = 401;
                    return;
                }

                var changes = told.Json["changes"]!.AsArray();
                if (changes.Any(change => ((string)change!["email"]!).StartsWith("refused", StringComparison.Ordinal)))
                {
                    http.Response.StatusCode = 422;
                    return;
                }

                foreach (var change in changes)
                {
                    var email = (string)change!["email"]!;
                    _taken.AddOrUpdate(email, 1, (_, times) => times + ((string?)change["action"] == "subscribe" ? 1 : 0));
                    _people[email] = change.DeepClone().AsObject();
                }

                await http.Response.CompleteAsync();
            };
        }

        public string Provider => "webhook";

        public JsonObject Settings => new() { ["url"] = _url, ["secret"] = _secret };

        public JsonObject WrongSettings => new() { ["url"] = _url, ["secret"] = WebhookSignature.NewSecret() };

        public string ListId => "members";

        public bool RemembersLeavers => false;

        public bool HasCatalog => false;

        public bool IsSubscribed(string email) => (string?)_people.GetValueOrDefault(email)?["action"] == "subscribe";

        public int TimesTaken(string email) => _taken.GetValueOrDefault(email);

        public string? PropertyOf(string email, string name) => (string?)_people[email]["properties"]![name];

        public void LeavesThere(string email) => _people.TryRemove(email, out _);

        public void AnswerWith(HttpResponseMessage? answer) => _answer = answer;
    }
}

/// <summary>An answer is read once, and given many times.</summary>
internal static class Copies
{
    public static HttpResponseMessage Of(HttpResponseMessage answer) =>
        FakeList.Json(answer.StatusCode, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
}
