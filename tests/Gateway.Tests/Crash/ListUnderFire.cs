using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;

namespace Gateway.Tests.Crash;

/// <summary>A list provider over a real wire. A new one is a line in <see cref="Providers"/>.</summary>
internal sealed class ListUnderFire : IAsyncDisposable
{
    private static readonly Dictionary<string, Func<FakeNetwork, IListMembers>> Providers = new()
    {
        ["brevo"] = network => new BrevoMembers(new(network)),
        ["listmonk"] = network => new ListmonkAccount(new(network, isOlder: false)),
        ["listmonk, older"] = network => new ListmonkAccount(new(network, isOlder: true)),
        ["mailchimp"] = network => new MailchimpAccount(new(network)),
        ["mailerlite"] = network => new MailerLiteAccount(new FakeMailerLite(network).NewAccount()),
        ["mailjet"] = network => new MailjetMembers(new(network)),
        ["webhook"] = WebhookAccount.In,
    };

    private readonly FakeNetwork _network = new();
    private readonly HttpMessageInvoker _behind;
    private readonly string _host;

    private ListUnderFire(string name, int closes)
    {
        Members = Providers[name](_network);
        _behind = new(_network);
        _host = _network.Hosts.Single();
        Wire = new(AnswerAsync, closes);
    }

    public static TheoryData<string> Names => [.. Providers.Keys];

    public IListMembers Members { get; }

    public Wire Wire { get; }

    /// <summary>The gateway's settings, with the account as the installation's.</summary>
    public Dictionary<string, string> Settings
    {
        get
        {
            var section = $"Lists__{Members.Provider}__";
            var settings = new Dictionary<string, string> { [section + "BaseUrl"] = Wire.Address };
            foreach (var (name, value) in Members.Settings)
            {
                settings[section + name] = name == "url" ? Wire.Address + new Uri((string)value!).AbsolutePath : (string)value!;
            }

            return settings;
        }
    }

    /// <param name="closes">Of how many calls that change something one is not answered.</param>
    public static async Task<ListUnderFire> StartAsync(string name, int closes)
    {
        var fire = new ListUnderFire(name, closes);
        await fire.Wire.StartAsync();
        return fire;
    }

    public async ValueTask DisposeAsync()
    {
        await Wire.DisposeAsync();
        _behind.Dispose();
    }

    private Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        request.RequestUri = new UriBuilder(request.RequestUri!) { Host = _host, Port = -1 }.Uri;
        return _behind.SendAsync(request, CancellationToken.None);
    }
}
