using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>
/// Whether a message is from Amazon SNS and from one topic, and the answer to its question whether we want to be told. Source: Amazon's
/// guide "Verifying the signatures of Amazon SNS messages" and npm <c>sns-validator</c>.
/// </summary>
internal sealed partial class SnsMessages : IDisposable
{
    public const string Notification = "Notification";
    private const string SubscriptionConfirmation = "SubscriptionConfirmation";
    private const string UnsubscribeConfirmation = "UnsubscribeConfirmation";
    private const int MaxCertificate = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(8);
    private static readonly string[] OfNotification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] OfSubscription = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    private static readonly Refusal OtherTopic = new(
        RefusalKind.Forbidden,
        "other_topic",
        "This topic is not the one that the source was made for."
    );

    private readonly ConcurrentDictionary<string, X509Certificate2> _certificates = new();
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public SnsMessages(IHttpClientFactory clients, TimeProvider clock) =>
        (_http, _clock) = (clients.CreateClient(nameof(SnsMessages)), clock);

    /// <summary>The client that fetches certificates and answers subscriptions: to public addresses alone, by TLS.</summary>
    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services
            .AddHttpClient(nameof(SnsMessages), http => (http.Timeout, http.MaxResponseContentBufferSize) = (TimeLimit, MaxCertificate))
            .ConfigurePrimaryHttpMessageHandler(provider =>
                provider.GetRequiredService<GuardedConnections>().NewHandler(allowPrivate: false)
            );
        return services.AddSingleton<SnsMessages>();
    }

    /// <summary>A message that is in order and asks whether we want to be told is answered with yes.</summary>
    /// <param name="topic">The only one that may speak.</param>
    /// <returns>Null when the message is in order.</returns>
    /// <exception cref="HttpRequestException">Amazon could not be asked; the message comes again.</exception>
    public async Task<Refusal?> CheckAsync(JsonElement message, string? topic, CancellationToken ct)
    {
        if (topic is null || message.Text("TopicArn") != topic)
        {
            return OtherTopic;
        }

        if (!await IsSignedAsync(message, ct))
        {
            return MailEventFormats.WrongSignature;
        }

        if (message.Text("Type") == SubscriptionConfirmation)
        {
            if (Trusted(message.Text("SubscribeURL")) is not { } confirm)
            {
                return MailEventFormats.WrongSignature;
            }

            using var answer = await _http.GetAsync(confirm, ct);
            answer.EnsureSuccessStatusCode();
        }

        return null;
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var certificate in _certificates.Values)
        {
            certificate.Dispose();
        }
    }

    private async Task<bool> IsSignedAsync(JsonElement message, CancellationToken ct)
    {
        var keys = message.Text("Type") switch
        {
            Notification => OfNotification,
            SubscriptionConfirmation or UnsubscribeConfirmation => OfSubscription,
            _ => null,
        };
        HashAlgorithmName? hash = message.Text("SignatureVersion") switch
        {
            "1" => HashAlgorithmName.SHA1,
            "2" => HashAlgorithmName.SHA256,
            _ => null,
        };
        if (
            keys is null
            || hash is not { } algorithm
            || Trusted(message.Text("SigningCertURL")) is not { } url
            || !url.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal)
            || Bytes(message.Text("Signature")) is not { } signature
        )
        {
            return false;
        }

        var signed = new StringBuilder();
        foreach (var key in keys)
        {
            if (message.Member(key) is { } value)
            {
                signed.Append(key).Append('\n').Append(JsonReading.TextOf(value)).Append('\n');
            }
        }

        using var rsa = (await CertificateAsync(url, ct))?.GetRSAPublicKey();
        return rsa?.VerifyData(Encoding.UTF8.GetBytes(signed.ToString()), signature, algorithm, RSASignaturePadding.Pkcs1) == true;
    }

    private async Task<X509Certificate2?> CertificateAsync(Uri url, CancellationToken ct)
    {
        if (!_certificates.TryGetValue(url.AbsoluteUri, out var certificate))
        {
            using var answer = await _http.GetAsync(url, ct);
            answer.EnsureSuccessStatusCode();
            try
            {
                certificate = X509Certificate2.CreateFromPem(await answer.Content.ReadAsStringAsync(ct));
            }
            catch (CryptographicException)
            {
                return null;
            }

            // Whoever made the address up had to find a certificate there first, so there are few.
            certificate = _certificates.GetOrAdd(url.AbsoluteUri, certificate);
        }

        var now = _clock.GetUtcNow();
        return certificate.NotBefore <= now && now <= certificate.NotAfter ? certificate : null;
    }

    /// <returns>Null when it is no address of Amazon SNS.</returns>
    private static Uri? Trusted(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && SnsHost().IsMatch(uri.IdnHost)
            ? uri
            : null;

    private static byte[]? Bytes(string? base64)
    {
        var bytes = new byte[1024];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    [GeneratedRegex(@"^sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?\z")]
    private static partial Regex SnsHost();
}
