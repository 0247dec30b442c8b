using System.Net.Http.Headers;
using Twilio.Clients;
using Request = Twilio.Http.Request;
using Response = Twilio.Http.Response;
using TwilioHttpClient = Twilio.Http.HttpClient;

namespace Gateway.Features.Sms.Twilio;

/// <summary>
/// One call to Twilio. Twilio's package says what is asked; it goes out through our own HTTP client, which keeps what came back.
/// The package itself loses Retry-After, cannot tell an answer that it cannot read from a refusal without words, and takes no cancellation.
/// </summary>
internal sealed class TwilioCall : TwilioHttpClient
{
    private readonly HttpClient _http;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _ct;
    private bool _isMade;
    private SmsAnswer? _seen;

    private TwilioCall(HttpClient http, TimeSpan limit, TimeProvider clock, CancellationToken ct) =>
        (_http, _limit, _clock, _ct) = (http, limit, clock, ct);

    /// <param name="ask">Asks by the package; whatever it returns or throws, only what was seen counts.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="ct"/> cancelled it.</exception>
    public static async Task<SmsAnswer> MakeAsync(
        HttpClient http,
        TwilioOptions account,
        Func<ITwilioRestClient, Task> ask,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var call = new TwilioCall(http, limit, clock, ct);
        Exception? error = null;
        try
        {
            await ask(new TwilioRestClient(account.User, account.Password, accountSid: account.Name, httpClient: call));
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        if (call._seen is null)
        {
            ct.ThrowIfCancellationRequested();
        }

        return call._seen ?? new SmsAnswer(Status: null, Error: error);
    }

    public override async Task<Response> MakeRequestAsync(Request request)
    {
        if (_isMade)
        {
            // The package repeats nothing today. If it ever did, that would be a second text message.
            throw new InvalidOperationException("A call to Twilio is made once.");
        }

        _isMade = true;
        _seen = await SmsAnswer.OfAsync(limited => SendAsync(request, limited), _limit, _clock, _ct);
        return _seen.Status is { } status ? new(status, _seen.Text) : throw _seen.Error!;
    }

    /// <summary>The package reads further pages of a list in this way, on the thread of whoever goes through the list.</summary>
    public override Response MakeRequest(Request request) => throw new NotSupportedException("Calls to Twilio are asynchronous.");

    private async Task<HttpResponseMessage> SendAsync(Request request, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method.ToString()), Address(request));
        message.Headers.Authorization = new("Basic", Authentication(request.Username, request.Password));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (message.Method != HttpMethod.Get)
        {
            message.Content = new FormUrlEncodedContent(request.PostParams);
        }

        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    /// <summary>The package always means Twilio's own address; ours is a setting.</summary>
    private Uri Address(Request request) => new(_http.BaseAddress!.AbsoluteUri.TrimEnd('/') + request.ConstructUrl().PathAndQuery);
}
