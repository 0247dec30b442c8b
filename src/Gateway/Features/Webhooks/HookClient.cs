using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Webhooks;

/// <summary>
/// Tells one hook of one event by a POST, signed after the Standard Webhooks specification when the hook has a secret. Of the answer only
/// the status
/// counts; redirects are not followed, since whoever made the hook named another target.
/// </summary>
internal sealed class HookClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly SecretEncryption _secrets;
    private readonly TimeProvider _clock;

    public HookClient(GuardedConnections connections, IOptions<HooksOptions> options, SecretEncryption secrets, TimeProvider clock)
    {
        _http = new(connections.NewHandler(options.Value.AllowPrivateTargets == true));
        (TimeLimit, _secrets, _clock) = (options.Value.TimeLimit, secrets, clock);
    }

    /// <summary>For all of one call.</summary>
    public TimeSpan TimeLimit { get; }

    /// <param name="body">The same at every try.</param>
    public async Task<DeliveryOutcome> TellAsync(Hook hook, string eventId, byte[] body, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var request = Request(hook, eventId, body);
            using var response = await _http.SendAsync(request, limit.Token);
            return Judge(response);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DeliveryOutcome.Later("It did not answer in time.");
        }
        catch (HttpRequestException failed)
        {
            return new DeliveryOutcome.Later(Reason(failed));
        }
        catch (CryptographicException)
        {
            return new DeliveryOutcome.Later("The hook's secret cannot be decrypted with this master key.");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Hook hook, string eventId, byte[] body)
    {
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.UserAgent.Add(new("Gateway", "1"));
        request.Headers.Add(WebhookSignature.IdHeader, eventId);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        if (hook.ProtectedSecret is { } secret)
        {
            var key = WebhookSignature.KeyOf(_secrets.Unprotect(secret));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(key, eventId, timestamp, body));
        }

        return request;
    }

    private DeliveryOutcome Judge(HttpResponseMessage response)
    {
        var answer = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return response switch
        {
            { IsSuccessStatusCode: true } => new DeliveryOutcome.Delivered(answer),
            { StatusCode: HttpStatusCode.Gone } => new DeliveryOutcome.Gone(answer),
            { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => new DeliveryOutcome.Later(
                answer,
                RetryAfter(response)
            ),
            { StatusCode: >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest } => new DeliveryOutcome.Later(
                answer + ": redirects are not followed; make the hook with its final address."
            ),
            _ => new DeliveryOutcome.Later(answer),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date is { } date ? date - _clock.GetUtcNow() : null);

    /// <summary>The exception's own words may hold addresses.</summary>
    private static string Reason(HttpRequestException failed) =>
        failed switch
        {
            { InnerException: ForbiddenTargetException } => "Its name leads to no address that may be called.",
            { HttpRequestError: HttpRequestError.NameResolutionError } => "Its name could not be resolved.",
            { HttpRequestError: HttpRequestError.ConnectionError } => "It could not be reached.",
            { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "A secure connection could not be made; its certificate may be wrong.",
            _ => "The connection was lost, or what came was no HTTP.",
        };
}
