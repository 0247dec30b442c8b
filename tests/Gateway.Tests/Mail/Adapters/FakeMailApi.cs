using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;

namespace Gateway.Tests.Mail.Adapters;

/// <summary>A mail as a provider got it, whatever way it takes mails.</summary>
/// <param name="From">The address alone, as is <paramref name="To"/>.</param>
/// <param name="Headers">Those that the mail has beside the ones with fields of their own here.</param>
/// <param name="Reference">What comes back with each event; null where the mail names nothing.</param>
/// <param name="IsCounted">Whether its opens or clicks are counted; null where a mail cannot say so.</param>
internal sealed record ReceivedMail(
    string To,
    string From,
    string? FromName,
    string Subject,
    string Text,
    string Html,
    IReadOnlyDictionary<string, string> Headers,
    string? Reference,
    bool? IsCounted
);

/// <summary>The API of a provider as tests see it: how it knows accounts, reads mails and answers.</summary>
internal abstract class FakeMailApi
{
    public abstract string Provider { get; }

    public abstract string Host { get; }

    /// <summary>A credential that looks like one.</summary>
    public abstract string NewKey();

    public abstract JsonObject SettingsOf(string key);

    public abstract string? KeyIn(HttpRequestMessage request);

    public abstract HttpResponseMessage WrongKey();

    /// <summary>What the question is answered by which an account is tried.</summary>
    public abstract HttpResponseMessage Works(HttpRequestMessage request, FakeMailAccount account);

    public abstract ReceivedMail Read(JsonObject body);

    public abstract HttpResponseMessage Taken(ReceivedMail mail);

    /// <summary>It does not take mail for this recipient.</summary>
    public abstract HttpResponseMessage Refused();

    /// <summary>It does not take mail from this sender.</summary>
    public abstract HttpResponseMessage SenderRefused();

    /// <summary>It does not take the mail, and says so in an answer with the status of a success.</summary>
    public abstract HttpResponseMessage ErrorInside();

    /// <summary>It knows that nobody is there; null where it takes such mails and tells of it by an event.</summary>
    public virtual HttpResponseMessage? Gone() => null;

    /// <summary>What it knows a mail by that was handed over twice; null where it takes it twice.</summary>
    public virtual string? Known(HttpRequestMessage request, JsonObject body) => null;

    /// <summary>How it answers to a mail that it has already.</summary>
    public virtual HttpResponseMessage TakenBefore(ReceivedMail mail) => Taken(mail);

    protected static HttpResponseMessage Json(int status, string body) => FakeList.Json((HttpStatusCode)status, body);

    protected static IReadOnlyDictionary<string, string> Members(JsonNode? headers) =>
        headers?.AsObject().ToDictionary(one => one.Key, one => (string)one.Value!) ?? [];
}

/// <summary>One test's account at a provider.</summary>
internal sealed class FakeMailAccount(FakeMailApi api, string key)
{
    public FakeMailApi Api => api;

    public string Key => key;

    /// <summary>What it took, in order.</summary>
    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>Names of what it took, where it knows mails by one.</summary>
    public ConcurrentDictionary<string, ReceivedMail> Known { get; } = new();

    /// <summary>Every call, answered or not.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Stands before the provider: null lets the call through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = _ => null;

    /// <summary>Whether it takes mails and the answers to them are lost.</summary>
    public bool LosesAnswers { get; set; }

    public HttpResponseMessage Answer(HttpRequestMessage request, JsonObject? body)
    {
        Calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");
        if (Before(request) is { } instead)
        {
            return instead;
        }

        if (body is null)
        {
            return api.Works(request, this);
        }

        var answer = Take(api.Read(body), api.Known(request, body));
        return LosesAnswers ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : answer;
    }

    private HttpResponseMessage Take(ReceivedMail mail, string? name)
    {
        if (mail.To.StartsWith("refused", StringComparison.Ordinal))
        {
            return api.Refused();
        }

        if (mail.To.StartsWith("gone", StringComparison.Ordinal) && api.Gone() is { } gone)
        {
            return gone;
        }

        if (mail.To.StartsWith("odd", StringComparison.Ordinal))
        {
            return api.ErrorInside();
        }

        if (mail.From.StartsWith("stranger", StringComparison.Ordinal))
        {
            return api.SenderRefused();
        }

        if (name is not null && !Known.TryAdd(name, mail))
        {
            return api.TakenBefore(mail);
        }

        Mails.Enqueue(mail);
        return api.Taken(mail);
    }
}

/// <summary>The providers whose APIs take mails, in the place of the network.</summary>
internal sealed class FakeMailApis
{
    private readonly ConcurrentDictionary<string, FakeMailAccount> _accounts = new();

    public FakeMailApis(GatewayUnderTest gateway)
    {
        foreach (var api in (FakeMailApi[])[new FakeMailjetMail(), new FakeBrevoMail(), new FakePostmark(), new FakeResend()])
        {
            gateway.Network.Answer(api.Host, (request, ct) => AnswerAsync(api, request, ct));
        }
    }

    public FakeMailAccount NewAccount(FakeMailApi api)
    {
        var account = new FakeMailAccount(api, api.NewKey());
        return _accounts[account.Key] = account;
    }

    private async Task<HttpResponseMessage> AnswerAsync(FakeMailApi api, HttpRequestMessage request, CancellationToken ct)
    {
        var body = request.Content is { } content ? (JsonObject)JsonNode.Parse(await content.ReadAsStringAsync(ct))! : null;
        return api.KeyIn(request) is { } key && _accounts.TryGetValue(key, out var account)
            ? account.Answer(request, body)
            : api.WrongKey();
    }
}
