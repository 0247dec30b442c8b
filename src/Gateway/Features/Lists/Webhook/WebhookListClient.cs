using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Webhook;

/// <summary>
/// Posts signed JSON to an address that somebody typed, as hooks are told: checked at every connection, without redirects.
/// </summary>
internal sealed class WebhookListClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly IOptions<HooksOptions> _hooks;
    private readonly TimeProvider _clock;

    public WebhookListClient(GuardedConnections connections, IOptions<HooksOptions> hooks, TimeProvider clock)
    {
        _http = new(connections.NewHandler(hooks.Value.AllowPrivateTargets == true));
        (_hooks, _clock) = (hooks, clock);
    }

    /// <returns>What is wrong with the address, as a sentence; null when nothing is.</returns>
    public string? ErrorOf(WebhookListOptions account) => HookUrl.Error(account.Url ?? "", _hooks.Value);

    /// <summary>
    /// Posts once; the status alone decides. The same content has the same id, so that a receiver that has it already passes over it.
    /// </summary>
    public async Task<ProviderAnswer> PostAsync(WebhookListOptions account, object content, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_hooks.Value.TimeLimit);
        try
        {
            using var request = Request(account, body);
            using var response = await _http.SendAsync(request, limit.Token);
            return new(response.StatusCode, RetryAfter: Asked(response));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(Status: null);
        }
        catch (HttpRequestException)
        {
            return new(Status: null);
        }
    }

    /// <summary>The same content has the same id.</summary>
    public static string IdOf(string kind, ReadOnlySpan<byte> content) =>
        $"{kind}_{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}";

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(WebhookListOptions account, byte[] body)
    {
        var id = IdOf("lists", body);
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, account.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.UserAgent.Add(new("Gateway", "1"));
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(
            WebhookSignature.SignatureHeader,
            WebhookSignature.Sign(WebhookSignature.KeyOf(account.Secret!), id, timestamp, body)
        );
        return request;
    }

    private TimeSpan? Asked(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        && response.Headers.RetryAfter is { } asked
            ? asked.Delta ?? asked.Date - _clock.GetUtcNow()
            : null;
}
