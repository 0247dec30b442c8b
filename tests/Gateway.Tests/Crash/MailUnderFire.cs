using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Tests.Mail;
using Gateway.Tests.Mail.Adapters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>
/// A provider of mail over a real wire; a new one is a line in <see cref="Providers"/>. Now and then it takes a mail and closes the
/// connection before it answers, of no mail twice.
/// </summary>
/// <param name="closes">Of how many mails one is taken and not answered.</param>
/// <param name="knowsRepeats">Whether the provider knows a mail that it has already, or shows it.</param>
internal abstract class MailUnderFire(int closes, bool knowsRepeats) : IAsyncDisposable
{
    private static readonly Dictionary<string, Func<int, Task<MailUnderFire>>> Providers = new()
    {
        ["brevo"] = closes => MailApiUnderFire.StartAsync(new FakeBrevoMail(), closes, knowsRepeats: true),
        ["mailjet"] = closes => MailApiUnderFire.StartAsync(new FakeMailjetMail(), closes, knowsRepeats: true),
        ["postmark"] = closes => MailApiUnderFire.StartAsync(new FakePostmark(), closes, knowsRepeats: false),
        ["resend"] = closes => MailApiUnderFire.StartAsync(new FakeResend(), closes, knowsRepeats: true),
        ["ses"] = closes => Task.FromResult<MailUnderFire>(new SesUnderFire(closes)),
    };

    private readonly ConcurrentDictionary<string, bool> _closedOf = new();
    private int _calls;
    private int _closed;

    public static TheoryData<string> Names => [.. Providers.Keys];

    public bool KnowsRepeats => knowsRepeats;

    public int Closed => _closed;

    /// <summary>How often each recipient's mail was taken.</summary>
    public abstract IReadOnlyDictionary<string, int> Times { get; }

    /// <summary>The gateway's settings, with this provider as its transport.</summary>
    public Dictionary<string, string> Settings =>
        new(Account)
        {
            ["Mail__From"] = "news@shop.example",
            ["Mail__Budget__MailboxPerHour"] = "0",
            ["Mail__Budget__SitePerDay"] = "0",
        };

    protected abstract Dictionary<string, string> Account { get; }

    /// <param name="closes">Of how many mails one is taken and not answered.</param>
    public static Task<MailUnderFire> StartAsync(string provider, int closes) => Providers[provider](closes);

    public abstract ValueTask DisposeAsync();

    protected static Dictionary<string, int> Count(IEnumerable<string> recipients) =>
        recipients.GroupBy(to => to).ToDictionary(same => same.Key, same => same.Count());

    /// <returns>Whether this mail is one that gets no answer.</returns>
    protected bool IsClosed(string to)
    {
        var isClosed = Interlocked.Increment(ref _calls) % closes == 0 && _closedOf.TryAdd(to, true);
        if (isClosed)
        {
            Interlocked.Increment(ref _closed);
        }

        return isClosed;
    }
}

/// <summary>A provider whose API takes mails.</summary>
internal sealed class MailApiUnderFire : MailUnderFire
{
    private readonly WebApplication _app;
    private readonly FakeMailAccount _account;

    private MailApiUnderFire(WebApplication app, FakeMailApi api, int closes, bool knowsRepeats)
        : base(closes, knowsRepeats) => (_app, _account) = (app, new(api, api.NewKey()));

    public override IReadOnlyDictionary<string, int> Times => Count(_account.Mails.Select(mail => mail.To));

    protected override Dictionary<string, string> Account
    {
        get
        {
            var section = $"Mail__{_account.Api.Provider}__";
            var settings = new Dictionary<string, string>
            {
                ["Mail__Transport"] = _account.Api.Provider,
                [section + "BaseUrl"] = _app.Urls.Single(),
            };
            foreach (var (setting, value) in _account.Api.SettingsOf(_account.Key))
            {
                settings[section + setting] = (string)value!;
            }

            return settings;
        }
    }

    public static async Task<MailUnderFire> StartAsync(FakeMailApi api, int closes, bool knowsRepeats)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fire = new MailApiUnderFire(app, api, closes, knowsRepeats);
        app.Run(fire.AnswerAsync);
        await app.StartAsync();
        return fire;
    }

    public override ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.GetEncodedUrl());
        foreach (var (name, values) in http.Request.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        var isMail = HttpMethods.IsPost(http.Request.Method);
        var body = isMail ? (await JsonNode.ParseAsync(http.Request.Body))!.AsObject() : null;
        using var answer = _account.Api.KeyIn(request) == _account.Key ? _account.Answer(request, body) : _account.Api.WrongKey();
        if (isMail && IsClosed(_account.Api.Read(body!).To))
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = "application/json";
        await answer.Content.CopyToAsync(http.Response.Body);
    }
}

/// <summary>Amazon SES by its SMTP interface: it knows no repeats.</summary>
internal sealed partial class SesUnderFire : MailUnderFire
{
    private readonly ScriptedSmtp _smtp = new() { Offers = ["AUTH PLAIN"] };

    public SesUnderFire(int closes)
        : base(closes, knowsRepeats: false) => _smtp.DropsAfter = mail => IsClosed(To(mail));

    public override IReadOnlyDictionary<string, int> Times => Count(_smtp.Mails.Select(To));

    protected override Dictionary<string, string> Account =>
        new()
        {
            ["Mail__Transport"] = "ses",
            ["Mail__Ses__Region"] = "eu-central-1",
            ["Mail__Ses__User"] = "AKIAEXAMPLE",
            ["Mail__Ses__Password"] = new string('B', 44),
            ["Mail__Ses__Host"] = "127.0.0.1",
            ["Mail__Ses__Port"] = $"{_smtp.Port}",
            ["Mail__Ses__Security"] = "none",
        };

    public override ValueTask DisposeAsync() => _smtp.DisposeAsync();

    private static string To(string mail) => Recipient().Match(mail).Groups[1].Value;

    [GeneratedRegex(@"(?m)^To: <?([^\s>]+)>?\r$")]
    private static partial Regex Recipient();
}
