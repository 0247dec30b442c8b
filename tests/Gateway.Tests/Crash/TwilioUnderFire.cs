using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Crash;

/// <summary>
/// Twilio's messages; the whole of it is in tests/contracts, checked against Twilio's own description.
/// </summary>
internal sealed class TwilioUnderFire : SmsUnderFire
{
    private const string AccountSid = "AC0123456789abcdef0123456789abcdef";

    public override string Provider => "twilio";

    public override bool ShowsMessages => true;

    public override Dictionary<string, string> Settings =>
        new()
        {
            ["Sms__Twilio__BaseUrl"] = Address,
            ["Sms__Twilio__AccountSid"] = AccountSid,
            ["Sms__Twilio__AuthToken"] = "token",
            ["Sms__Twilio__From"] = "+15005550006",
        };

    protected override void Map(WebApplication app)
    {
        const string Messages = $"/2010-04-01/Accounts/{AccountSid}/Messages";
        app.MapPost(
            Messages + ".json",
            (RequestDelegate)(
                async http =>
                {
                    var form = await http.Request.ReadFormAsync();
                    var message = new Taken(
                        "SM" + Guid.CreateVersion7().ToString("N"),
                        form["To"]!,
                        form["From"]!,
                        form["Body"]!,
                        Tag: "",
                        TimeProvider.System.GetUtcNow()
                    );
                    await TakeAsync(http, message, StatusCodes.Status201Created, View(message, "queued"));
                }
            )
        );
        app.MapGet(Messages + ".json", (string to) => Results.Json(new { messages = To(to).Select(one => View(one, "delivered")) }));
        app.MapGet(
            Messages + "/{sid}.json",
            (string sid) => Find(sid) is { } one ? Results.Json(View(one, "delivered")) : Results.NotFound()
        );
    }

    private static Dictionary<string, object?> View(Taken message, string status) =>
        new()
        {
            ["sid"] = message.Id,
            ["status"] = status,
            ["to"] = message.To,
            ["from"] = message.From,
            ["body"] = message.Body,
            ["direction"] = "outbound-api",
            ["date_created"] = message.At.ToString("R", CultureInfo.InvariantCulture),
            ["num_segments"] = "1",
            ["error_code"] = null,
            ["price"] = status == "delivered" ? "-0.0075" : null,
            ["price_unit"] = "USD",
        };
}
