using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Crash;

/// <summary>Brevo's transactional SMS, without its webhooks; it shows events to whoever asks.</summary>
internal sealed class BrevoUnderFire : SmsUnderFire
{
    private long _last = 1_000_000;

    public override string Provider => "brevo";

    public override bool ShowsMessages => true;

    public override Dictionary<string, string> Settings =>
        new()
        {
            ["Sms__Brevo__BaseUrl"] = Address,
            ["Sms__Brevo__ApiKey"] = "xkeysib-0123456789abcdef",
            ["Sms__Brevo__From"] = "ACME",
        };

    protected override void Map(WebApplication app)
    {
        app.MapPost(
            "/v3/transactionalSMS/send",
            (RequestDelegate)(
                async http =>
                {
                    var call = (await JsonNode.ParseAsync(http.Request.Body))!;
                    var id = Interlocked.Increment(ref _last);
                    await TakeAsync(
                        http,
                        new(
                            id.ToString(CultureInfo.InvariantCulture),
                            "+" + (string)call["recipient"]!,
                            (string)call["sender"]!,
                            (string)call["content"]!,
                            (string)call["tag"]!,
                            TimeProvider.System.GetUtcNow()
                        ),
                        StatusCodes.Status201Created,
                        new { messageId = id, reference = "ref" }
                    );
                }
            )
        );
        app.MapGet(
            "/v3/transactionalSMS/statistics/events",
            (string phoneNumber) =>
                Results.Json(
                    new
                    {
                        events = To("+" + phoneNumber)
                            .Select(one => new
                            {
                                phoneNumber,
                                date = one.At.ToString("O", CultureInfo.InvariantCulture),
                                messageId = one.Id,
                                @event = "delivered",
                                tag = one.Tag,
                            }),
                    }
                )
        );
    }
}
