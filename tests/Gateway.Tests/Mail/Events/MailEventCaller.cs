using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.Events;

/// <summary>A provider that tells a gateway what became of mails, and signs it as that provider does.</summary>
internal sealed class MailEventCaller : IDisposable
{
    public const string Topic = "arn:aws:sns:eu-west-1:123456789012:gateway";
    private const string MailgunKey = "key-8d7a65d1c5e34a1f";

    /// <summary>What SNS signs with, the same for all: to make a key takes longer than a test.</summary>
    private static readonly Lazy<RSA> SnsKey = new(() => RSA.Create(2048));
    private static readonly Lazy<string> SnsCertificate = new(() =>
    {
        var request = new CertificateRequest("CN=sns.amazonaws.com", SnsKey.Value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(120));
        return made.ExportCertificatePem();
    });

    private readonly GatewayUnderTest _gateway;
    private readonly string _provider;
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _secret = WebhookSignature.NewSecret();
    private readonly string _host = $"sns.x{Guid.CreateVersion7():N}.amazonaws.com";

    private MailEventCaller(GatewayUnderTest gateway, string provider)
    {
        (_gateway, _provider) = (gateway, provider);
        gateway.Network.Answer(
            _host,
            (request, _) =>
            {
                Asked.Add(request.RequestUri!.PathAndQuery);
                return Task.FromResult(new HttpResponseMessage { Content = new StringContent(SnsCertificate.Value) });
            }
        );
    }

    /// <summary>What Amazon was asked for.</summary>
    public List<string> Asked { get; } = [];

    public string Path { get; private set; } = "";

    public Guid SourceId { get; private set; }

    public string Secret => Path.Split('/')[^1];

    public string Host => _host;

    /// <summary>SNS's own version of its signature.</summary>
    public string SnsVersion { get; set; } = "2";

    /// <param name="site">Null is a source for all sites.</param>
    public static async Task<MailEventCaller> ForAsync(GatewayUnderTest gateway, string provider, SiteUnderTest? site)
    {
        var caller = new MailEventCaller(gateway, provider);
        List<string> words = ["mail-events", "add", provider, "--json"];
        if (site is not null)
        {
            words.AddRange(["--site", site.PublicId]);
        }

        if (caller.Key is { } key)
        {
            words.AddRange(["--signing-key", key]);
        }

        if (provider == MailEventFormats.AmazonSes)
        {
            words.AddRange(["--topic", Topic]);
        }

        var added = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", [.. words]);
        caller.SourceId = Infrastructure.Http.PublicId.Parse("src", added.Json.GetProperty("id").GetString())!.Value;
        caller.Path = new Uri(added.Json.GetProperty("url").GetString()!).AbsolutePath;
        return caller;
    }

    private string? Key =>
        _provider switch
        {
            MailEventFormats.SendGrid => Convert.ToBase64String(_ec.ExportSubjectPublicKeyInfo()),
            MailEventFormats.Mailgun => MailgunKey,
            MailEventFormats.Resend => _secret,
            _ => null,
        };

    /// <summary>Fills a sample in for one message.</summary>
    /// <param name="message"><c>msg_…</c>.</param>
    public string Fill(string sample, string message, string to, DateTimeOffset? at = null, int number = 0)
    {
        var when = at ?? _gateway.Clock.GetUtcNow();
        return sample
            .Replace("{msg}", message, StringComparison.Ordinal)
            .Replace("{mid}", $"{message[4..]}@shop.example", StringComparison.Ordinal)
            .Replace("{to}", to, StringComparison.Ordinal)
            .Replace("{at}", when.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{iso}", when.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{n}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>Signs and posts what <see cref="Fill"/> made.</summary>
    /// <param name="forge">Changes the request once it is signed.</param>
    public async Task<Answer> TellAsync(string body, Action<HttpRequestMessage>? forge = null, string? path = null)
    {
        var now = _gateway.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (_provider == MailEventFormats.AmazonSes)
        {
            body = Notification(body);
        }

        if (_provider == MailEventFormats.Mailgun)
        {
            var token = RandomNumberGenerator.GetHexString(32);
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(MailgunKey), Encoding.UTF8.GetBytes(now + token));
            body = body.Replace(
                "{signature}",
                $$"""{"timestamp":"{{now}}","token":"{{token}}","signature":"{{Convert.ToHexStringLower(mac)}}"}""",
                StringComparison.Ordinal
            );
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, path ?? Path)
        {
            Content = new ByteArrayContent(bytes)
            {
                Headers = { ContentType = new(_provider == MailEventFormats.AmazonSes ? "text/plain" : "application/json") },
            },
        };
        if (_provider == MailEventFormats.SendGrid)
        {
            var signature = _ec.SignData(
                [.. Encoding.UTF8.GetBytes(now), .. bytes],
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            );
            request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(signature));
            request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", now);
        }

        if (_provider == MailEventFormats.Resend)
        {
            request.Headers.Add("svix-id", "msg_svix");
            request.Headers.Add("svix-timestamp", now);
            request.Headers.Add(
                "svix-signature",
                WebhookSignature.Sign(WebhookSignature.KeyOf(_secret), "msg_svix", long.Parse(now, CultureInfo.InvariantCulture), bytes)
            );
        }

        forge?.Invoke(request);
        using var client = _gateway.CreateClient();
        using var response = await client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>An envelope of SNS, signed.</summary>
    public string Sns(string type, Action<JsonObject>? change = null, string message = "You have chosen to subscribe")
    {
        var envelope = new JsonObject
        {
            ["Type"] = type,
            ["MessageId"] = $"{Guid.CreateVersion7()}",
            ["TopicArn"] = Topic,
            ["Message"] = message,
            ["Timestamp"] = "2026-11-29T09:00:00.000Z",
            ["SignatureVersion"] = SnsVersion,
            ["SigningCertURL"] = $"https://{_host}/SimpleNotificationService-{_host}.pem",
        };
        if (type != "Notification")
        {
            envelope["Token"] = "2336412f37";
            envelope["SubscribeURL"] = $"https://{_host}/?Action=ConfirmSubscription&Token=2336412f37";
        }

        change?.Invoke(envelope);
        string[] keys =
            type == "Notification"
                ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
                : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
        var signed = string.Concat(keys.Where(envelope.ContainsKey).Select(key => $"{key}\n{(string?)envelope[key]}\n"));
        var hash = SnsVersion == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        envelope["Signature"] = Convert.ToBase64String(
            SnsKey.Value.SignData(Encoding.UTF8.GetBytes(signed), hash, RSASignaturePadding.Pkcs1)
        );
        return envelope.ToJsonString();
    }

    private string Notification(string message) =>
        message.StartsWith("{\"Type\"", StringComparison.Ordinal) ? message : Sns("Notification", null, message);

    public void Dispose() => _ec.Dispose();
}
