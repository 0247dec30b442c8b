using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Demo;

/// <summary>Sends the demo form's submission as the plugin would: signed, over HTTP, to this gateway.</summary>
internal sealed class DemoVisitor(HttpClient http, SiteCache sites, TimeProvider clock)
{
    public const string ConsentText = "Yes, send me the newsletter. I can unsubscribe at any time.";

    /// <returns>Null when it was taken in; else the problem's sentence.</returns>
    public async Task<string?> SubmitAsync(
        Uri gateway,
        string name,
        string email,
        bool subscribe,
        string language,
        Uri page,
        HttpContext visitor,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var key = Guid.CreateVersion7(now).ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                key,
                submittedAt = now.UtcDateTime,
                form = new
                {
                    id = "demo",
                    title = "Demo form",
                    url = page,
                    locale = language,
                },
                fields = new Dictionary<string, string> { ["your-name"] = name, ["your-email"] = email },
                visitor = new
                {
                    ip = visitor.Connection.RemoteIpAddress?.ToString(),
                    userAgent = visitor.Request.Headers.UserAgent.ToString(),
                },
                subscribe = new[]
                {
                    new
                    {
                        list = PublicId.Format(PublicId.List, DemoSite.ListId),
                        email = "your-email",
                        name = "your-name",
                        consent = new
                        {
                            given = subscribe,
                            text = ConsentText,
                            policyUrl = "https://demo.example/privacy",
                        },
                    },
                },
            },
            JsonSerializerOptions.Web
        );

        var secret = (await sites.FindAsync(DemoSite.SiteId, ct))!.SigningKeys[0];
        var timestamp = now.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(gateway, $"/v1/sites/{PublicId.Format(PublicId.Site, DemoSite.SiteId)}/submissions")
        );
        request.Headers.Add(WebhookSignature.IdHeader, key);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, key, timestamp, body));
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        try
        {
            using var response = await http.SendAsync(request, ct);
            if (response.IsSuccessStatusCode)
            {
                return null;
            }

            using var problem = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            return problem.RootElement.GetProperty("detail").GetString();
        }
        catch (HttpRequestException unreachable)
        {
            return $"The gateway did not answer at {gateway}: {unreachable.Message}";
        }
    }
}
