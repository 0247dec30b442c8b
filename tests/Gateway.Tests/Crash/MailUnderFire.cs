using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gateway.Tests.Mail.Adapters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>
/// A provider of mail over a real wire. Now and then it takes a mail and closes the connection before it answers, of no mail twice.
/// </summary>
internal sealed class MailUnderFire : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _closes;
    private readonly ConcurrentDictionary<string, bool> _closedOf = new();
    private int _calls;
    private int _closed;

    private MailUnderFire(WebApplication app, FakeMailApi api, int closes)
    {
        (_app, _closes) = (app, closes);
        Account = new(api, api.NewKey());
    }

    public FakeMailAccount Account { get; }

    public int Closed => _closed;

    /// <summary>The gateway's settings, with this provider as its transport.</summary>
    public Dictionary<string, string> Settings
    {
        get
        {
            var name = Account.Api.Provider;
            var section = $"Mail__{char.ToUpperInvariant(name[0])}{name[1..]}__";
            var settings = new Dictionary<string, string>
            {
                ["Mail__Transport"] = name,
                ["Mail__From"] = "news@shop.example",
                ["Mail__Budget__MailboxPerHour"] = "0",
                ["Mail__Budget__SitePerDay"] = "0",
                [section + "BaseUrl"] = _app.Urls.Single(),
            };
            foreach (var (setting, value) in Account.Api.SettingsOf(Account.Key))
            {
                settings[$"{section}{char.ToUpperInvariant(setting[0])}{setting[1..]}"] = (string)value!;
            }

            return settings;
        }
    }

    /// <param name="closes">Of how many mails one is taken and not answered.</param>
    public static async Task<MailUnderFire> StartAsync(FakeMailApi api, int closes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fire = new MailUnderFire(app, api, closes);
        app.Run(fire.AnswerAsync);
        await app.StartAsync();
        return fire;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.GetEncodedUrl());
        foreach (var (name, values) in http.Request.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        var isMail = HttpMethods.IsPost(http.Request.Method);
        var body = isMail ? (await JsonNode.ParseAsync(http.Request.Body))!.AsObject() : null;
        using var answer = Account.Api.KeyIn(request) == Account.Key ? Account.Answer(request, body) : Account.Api.WrongKey();
        if (isMail && Interlocked.Increment(ref _calls) % _closes == 0 && _closedOf.TryAdd(Account.Api.Read(body!).To, true))
        {
            Interlocked.Increment(ref _closed);
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = "application/json";
        await answer.Content.CopyToAsync(http.Response.Body);
    }
}
