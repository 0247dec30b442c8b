using System.Net;
using System.Text.Json;
using Gateway.Features.Mail.MailEvents.Formats;
using Gateway.Infrastructure.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Access tokens for the mail server: asked for once, and kept until shortly before they end.</summary>
internal sealed class SmtpAccessTokens(IHttpClientFactory clients, IOptions<MailOptions> mail, TimeProvider clock) : IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>A token that ends while the server looks at it is refused.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(2);

    /// <summary>RFC 6749 lets a server leave the time out.</summary>
    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(30);

    private readonly SemaphoreSlim _asking = new(1);
    private KeptToken? _kept;
    private string? _refreshToken;

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services
            .AddHttpClient(nameof(SmtpAccessTokens), http => (http.Timeout, http.MaxResponseContentBufferSize) = (TimeLimit, MaxAnswer))
            .ConfigurePrimaryHttpMessageHandler(() =>
                // A redirect would carry the client's secret to somebody else.
                new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
            );
        return services.AddSingleton<SmtpAccessTokens>();
    }

    /// <param name="refused">A token that the mail server did not take: another one is asked for. Null when there was none.</param>
    public async Task<SmtpToken> GetAsync(string? refused, CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_kept is { } kept && kept.Token != refused && clock.GetUtcNow() < kept.Until)
            {
                return new(kept.Token, null);
            }

            _kept = null;
            return await AskAsync(mail.Value.Smtp.OAuth, ct);
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<SmtpToken> AskAsync(SmtpOAuthOptions options, CancellationToken ct)
    {
        var where = options.TokenUrl!.Host;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.TokenUrl)
            {
                Content = new FormUrlEncodedContent(Form(options)),
            };
            request.Headers.Accept.ParseAdd("application/json");
            using var http = clients.CreateClient(nameof(SmtpAccessTokens));
            using var answer = await http.SendAsync(request, ct);
            var body = await answer.Content.ReadAsStringAsync(ct);
            return Read(answer.StatusCode, body, where);
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Failed(
                Concern.Server,
                "server_unreachable",
                $"{where}, which gives out the tokens for the mail server, does not answer. Can this machine reach it "
                    + "(Mail__Smtp__OAuth__TokenUrl)?"
            );
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Form(SmtpOAuthOptions options)
    {
        var refresh = _refreshToken ?? options.RefreshToken;
        yield return new("grant_type", refresh is { Length: > 0 } ? "refresh_token" : "client_credentials");
        yield return new("client_id", options.ClientId!);
        foreach (
            var (name, value) in new[] { ("client_secret", options.ClientSecret), ("refresh_token", refresh), ("scope", options.Scope) }
        )
        {
            if (value is { Length: > 0 })
            {
                yield return new(name, value);
            }
        }
    }

    private SmtpToken Read(HttpStatusCode status, string body, string where)
    {
        var json = Parse(body);
        if (status == HttpStatusCode.OK && json?.Text("access_token") is { Length: > 0 } token)
        {
            var life =
                json.Value.TryGetProperty("expires_in", out var seconds) && int.TryParse(seconds.ToString(), out var count) && count > 0
                    ? TimeSpan.FromSeconds(count)
                    : UsualLife;
            _kept = new(token, clock.GetUtcNow() + (life > 2 * Spare ? life - Spare : life / 2));

            // Some give a new one each time; the newest lives longest.
            _refreshToken = json.Value.Text("refresh_token") is { Length: > 0 } next ? next : _refreshToken;
            return new(token, null);
        }

        var code = json?.Text("error");
        var said = SmtpErrors.Clean($"{(int)status} {code} {json?.Text("error_description")}");
        return code switch
        {
            "invalid_client" or "unauthorized_client" => Refused(
                $"{where} does not know this client: check Mail__Smtp__OAuth__ClientId and __ClientSecret, which may have "
                    + $"ended. It said: {said}"
            ),
            "invalid_grant" => Refused(
                $"{where} does not take the refresh token any more: sign in once more as the mailbox's owner, and set "
                    + $"Mail__Smtp__OAuth__RefreshToken to the new one. It said: {said}"
            ),
            "invalid_scope" or "invalid_request" => Refused(
                $"{where} does not understand what is asked for: check Mail__Smtp__OAuth__Scope and __TokenUrl. It said: {said}"
            ),
            _ when (int)status >= 500 || status == HttpStatusCode.TooManyRequests => Failed(
                Concern.Server,
                "server_busy",
                $"{where}, which gives out the tokens for the mail server, gives none at the moment. It said: {said}"
            ),
            _ => Refused($"{where} gives no token for the mail server: check Mail__Smtp__OAuth__TokenUrl. It said: {said}"),
        };
    }

    private static JsonElement? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SmtpToken Refused(string sentence) => Failed(Concern.Account, "sign_in_refused", sentence);

    private static SmtpToken Failed(Concern concern, string code, string sentence) => new(null, new(concern, code, sentence));

    private sealed record KeptToken(string Token, DateTimeOffset Until);
}

/// <param name="Token">Null when there is none.</param>
/// <param name="Error">Then why.</param>
internal sealed record SmtpToken(string? Token, ConnectionError? Error)
{
    /// <summary>Without the token, which belongs in no log.</summary>
    public override string ToString() => Error?.Reason ?? "a token";
}
