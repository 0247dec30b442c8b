using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>
/// As much of a provider of SMS as counting takes: it remembers every message it was asked to send, and now and then it takes one and
/// closes the connection before it answers.
/// </summary>
internal abstract class SmsUnderFire : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Taken> _messages = new();
    private WebApplication? _app;
    private int _calls;
    private int _closed;
    private int _closes;

    /// <param name="Tag">What the call named it by; empty where it names nothing.</param>
    protected sealed record Taken(string Id, string To, string From, string Body, string Tag, DateTimeOffset At);

    /// <summary>As a route names it.</summary>
    public abstract string Provider { get; }

    /// <summary>The gateway's settings for the account.</summary>
    public abstract Dictionary<string, string> Settings { get; }

    /// <summary>Whether the provider shows what became of a message to whoever asks.</summary>
    public abstract bool ShowsMessages { get; }

    /// <summary>Of how many messages it took it closed the connection instead of answering.</summary>
    public int Closed => _closed;

    /// <summary>How often each text was taken for each number.</summary>
    public IReadOnlyDictionary<(string To, string Body), int> Times =>
        _messages.Values.GroupBy(message => (message.To, message.Body)).ToDictionary(group => group.Key, group => group.Count());

    protected string Address => _app!.Urls.Single();

    /// <param name="closes">Of how many calls one is taken and not answered.</param>
    public static async Task<SmsUnderFire> StartAsync(string provider, int closes)
    {
        SmsUnderFire fire = provider switch
        {
            "vonage" => new VonageUnderFire(),
            "brevo" => new BrevoUnderFire(),
            _ => new TwilioUnderFire(),
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        (fire._app, fire._closes) = (builder.Build(), closes);
        fire.Map(fire._app);
        await fire._app.StartAsync();
        return fire;
    }

    public ValueTask DisposeAsync() => _app!.DisposeAsync();

    protected abstract void Map(WebApplication app);

    protected IEnumerable<Taken> To(string number) => _messages.Values.Where(one => one.To == number);

    protected Taken? Find(string id) => _messages.GetValueOrDefault(id);

    protected async Task TakeAsync(HttpContext http, Taken message, int status, object answer)
    {
        _messages[message.Id] = message;
        if (Interlocked.Increment(ref _calls) % _closes == 0)
        {
            Interlocked.Increment(ref _closed);
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(answer);
    }
}
