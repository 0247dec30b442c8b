using System.Text.Json.Nodes;
using Gateway.Tests.Sms.Vonage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Crash;

/// <summary>Vonage's Messages API, without its webhooks.</summary>
internal sealed class VonageUnderFire : SmsUnderFire
{
    public override string Provider => "vonage";

    public override bool ShowsMessages => false;

    public override Dictionary<string, string> Settings
    {
        get
        {
            var account = VonageAccounts.New("ACME");
            return new()
            {
                ["Sms__Vonage__BaseUrl"] = Address,
                ["Sms__Vonage__AccountUrl"] = Address,
                ["Sms__Vonage__ApiKey"] = account.ApiKey!,
                ["Sms__Vonage__ApiSecret"] = account.ApiSecret!,
                ["Sms__Vonage__ApplicationId"] = account.ApplicationId!,
                ["Sms__Vonage__PrivateKey"] = account.PrivateKey!,
                ["Sms__Vonage__SignatureSecret"] = account.SignatureSecret!,
                ["Sms__Vonage__From"] = account.From!,
            };
        }
    }

    protected override void Map(WebApplication app) =>
        app.MapPost(
            "/v1/messages",
            (RequestDelegate)(
                async http =>
                {
                    var call = (await JsonNode.ParseAsync(http.Request.Body))!;
                    var id = Guid.CreateVersion7().ToString();
                    await TakeAsync(
                        http,
                        new(
                            id,
                            "+" + (string)call["to"]!,
                            (string)call["from"]!,
                            (string)call["text"]!,
                            (string)call["client_ref"]!,
                            TimeProvider.System.GetUtcNow()
                        ),
                        StatusCodes.Status202Accepted,
                        new { message_uuid = id }
                    );
                }
            )
        );
}
