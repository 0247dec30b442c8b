using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using MimeKit;

namespace Gateway.Tests.Mail.Adapters;

/// <summary>Mailjet's Send API v3.1, as <c>node-mailjet</c> and tests/contracts/mailjet-messages.js know it.</summary>
internal sealed class FakeMailjetMail : FakeMailApi
{
    public override string Provider => "mailjet";

    public override string Host => "send.mailjet.test";

    public override string NewKey() => $"{Guid.CreateVersion7():N}";

    public override JsonObject SettingsOf(string key) => new() { ["apiKey"] = key, ["secretKey"] = "other-half" };

    public override string? KeyIn(HttpRequestMessage request) =>
        request.Headers.Authorization is { Scheme: "Basic", Parameter: { } credentials }
            ? Encoding.UTF8.GetString(Convert.FromBase64String(credentials)).Split(':')[0]
            : null;

    public override HttpResponseMessage WrongKey() =>
        Json(
            401,
            """{"ErrorIdentifier":"1","StatusCode":401,"ErrorMessage":"API key authentication/authorization failure. You may be unauthorized."}"""
        );

    public override HttpResponseMessage Works(HttpRequestMessage request, FakeMailAccount account) =>
        HttpUtility.ParseQueryString(request.RequestUri!.Query)["CustomID"] is { } name
            ? Json(
                200,
                account.Mails.Any(mail => mail.Reference == name) ? """{"Count":1,"Data":[{"ID":7}]}""" : """{"Count":0,"Data":[]}"""
            )
            : Json(200, """{"Count":0,"Data":[],"Total":0}""");

    public override ReceivedMail Read(JsonObject body)
    {
        var mail = Assert.Single(body["Messages"]!.AsArray())!;
        var headers = Members(mail["Headers"]);
        return new(
            (string)Assert.Single(mail["To"]!.AsArray())!["Email"]!,
            (string)mail["From"]!["Email"]!,
            (string)mail["From"]!["Name"]!,
            (string)mail["Subject"]!,
            (string)mail["TextPart"]!,
            (string)mail["HTMLPart"]!,
            headers,
            (string?)mail["CustomID"],
            (string?)mail["TrackOpens"] != "disabled" || (string?)mail["TrackClicks"] != "disabled"
        );
    }

    /// <summary>A mail that names its own Message-ID is refused.</summary>
    public override HttpResponseMessage Taken(ReceivedMail mail) =>
        mail.Headers.ContainsKey("Message-ID")
            ? Error(400, "send-0011", "Header cannot be customized using the \"Headers\" collection.", "Headers[\"Message-ID\"]")
            : Json(
                200,
                $$"""{"Messages":[{"Status":"success","To":[{"Email":"{{mail.To}}","MessageUUID":"u","MessageID":576460752303423488}]}]}"""
            );

    public override HttpResponseMessage Refused() => Error(400, "mj-0013", "\"x\" is an invalid email address.", "To[0].Email");

    public override HttpResponseMessage SenderRefused() =>
        Error(400, "send-0008", "The sender is not an authorized sender email address for your account.", "From");

    public override HttpResponseMessage ErrorInside() => Error(200, "mj-0004", "Type mismatch.", "Subject");

    private static HttpResponseMessage Error(int status, string code, string message, string about)
    {
        var error = new JsonObject
        {
            ["ErrorIdentifier"] = "1",
            ["ErrorCode"] = code,
            ["StatusCode"] = 400,
            ["ErrorMessage"] = message,
            ["ErrorRelatedTo"] = new JsonArray(about),
        };
        var mail = new JsonObject { ["Status"] = "error", ["Errors"] = new JsonArray(error) };
        return Json(status, new JsonObject { ["Messages"] = new JsonArray(mail) }.ToJsonString());
    }
}

/// <summary>Brevo's transactional API, as <c>@getbrevo/brevo</c> and tests/contracts/brevo.js know it.</summary>
internal sealed class FakeBrevoMail : FakeMailApi
{
    public override string Provider => "brevo";

    public override string Host => "send.brevo.test";

    public override string NewKey() => $"xkeysib-{Guid.CreateVersion7():N}";

    public override JsonObject SettingsOf(string key) => new() { ["apiKey"] = key };

    public override string? KeyIn(HttpRequestMessage request) =>
        request.Headers.TryGetValues("api-key", out var keys) ? keys.Single() : null;

    public override HttpResponseMessage WrongKey() => Json(401, """{"code":"unauthorized","message":"Key not found"}""");

    public override HttpResponseMessage Works(HttpRequestMessage request, FakeMailAccount account) =>
        Json(200, """{"email":"ann@shop.example","companyName":"Shop"}""");

    public override ReceivedMail Read(JsonObject body)
    {
        var headers = Members(body["headers"]);
        return new(
            (string)Assert.Single(body["to"]!.AsArray())!["email"]!,
            (string)body["sender"]!["email"]!,
            (string)body["sender"]!["name"]!,
            (string)body["subject"]!,
            (string)body["textContent"]!,
            (string)body["htmlContent"]!,
            headers,
            (string?)JsonNode.Parse(headers["X-Mailin-custom"])!["gateway"],
            IsCounted: null
        );
    }

    public override HttpResponseMessage Taken(ReceivedMail mail) => Json(201, """{"messageId":"<1@smtp-relay.mailin.fr>"}""");

    public override HttpResponseMessage Refused() => Json(400, """{"code":"invalid_parameter","message":"email is not valid in to"}""");

    public override HttpResponseMessage SenderRefused() =>
        Json(400, """{"code":"invalid_parameter","message":"Sending has been rejected because the sender you used x is not valid."}""");

    public override HttpResponseMessage ErrorInside() => Json(200, """{"code":"missing_parameter","message":"subject is missing"}""");

    public override string? Known(HttpRequestMessage request, JsonObject body) => (string?)body["headers"]!["idempotencyKey"];

    public override HttpResponseMessage TakenBefore(ReceivedMail mail) =>
        Json(400, """{"code":"duplicate_parameter","message":"Duplicate request"}""");
}

/// <summary>Postmark's API, as <c>postmark</c> and tests/contracts/postmark.js know it.</summary>
internal sealed class FakePostmark : FakeMailApi
{
    public override string Provider => "postmark";

    public override string Host => "postmark.test";

    public override string NewKey() => $"{Guid.CreateVersion7()}";

    public override JsonObject SettingsOf(string key) => new() { ["serverToken"] = key };

    public override string? KeyIn(HttpRequestMessage request) =>
        request.Headers.TryGetValues("X-Postmark-Server-Token", out var tokens) ? tokens.Single() : null;

    public override HttpResponseMessage WrongKey() =>
        Json(
            401,
            """{"ErrorCode":10,"Message":"The Server Token you provided in the X-Postmark-Server-Token request header was invalid."}"""
        );

    public override HttpResponseMessage Works(HttpRequestMessage request, FakeMailAccount account) =>
        Json(200, """{"ID":1,"Name":"Shop","DeliveryType":"Live","TrackOpens":false}""");

    public override ReceivedMail Read(JsonObject body)
    {
        var from = MailboxAddress.Parse((string)body["From"]!);
        return new(
            (string)body["To"]!,
            from.Address,
            from.Name,
            (string)body["Subject"]!,
            (string)body["TextBody"]!,
            (string)body["HtmlBody"]!,
            body["Headers"]!.AsArray().ToDictionary(one => (string)one!["Name"]!, one => (string)one!["Value"]!),
            (string?)body["Metadata"]!["gateway"],
            (bool)body["TrackOpens"]! || (string?)body["TrackLinks"] != "None"
        );
    }

    public override HttpResponseMessage Taken(ReceivedMail mail) =>
        Json(
            200,
            """{"ErrorCode":0,"Message":"OK","MessageID":"0a129aee-e1cd-480d-b08d-4f48548ff48d","SubmittedAt":"2026-11-29T10:00:00Z"}"""
        );

    public override HttpResponseMessage Refused() => Error(422, 300, "Invalid 'To' address: 'x'.");

    public override HttpResponseMessage SenderRefused() =>
        Error(422, 400, "The 'From' address you supplied (x) is not a Sender Signature on your account.");

    public override HttpResponseMessage ErrorInside() => Error(200, 402, "Invalid JSON.");

    public override HttpResponseMessage Gone() =>
        Error(
            422,
            406,
            "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: x. Inactive recipients are "
                + "ones that have generated a hard bounce, a spam complaint, or a manual suppression."
        );

    private static HttpResponseMessage Error(int status, int code, string message) =>
        Json(status, new JsonObject { ["ErrorCode"] = code, ["Message"] = message }.ToJsonString());
}

/// <summary>Resend's API, as <c>resend</c> and tests/contracts/resend.js know it.</summary>
internal sealed class FakeResend : FakeMailApi
{
    public override string Provider => "resend";

    public override string Host => "resend.test";

    public override string NewKey() => $"re_{Guid.CreateVersion7():N}";

    public override JsonObject SettingsOf(string key) => new() { ["apiKey"] = key };

    public override string? KeyIn(HttpRequestMessage request) =>
        request.Headers.Authorization is { Scheme: "Bearer", Parameter: { } key } ? key : null;

    public override HttpResponseMessage WrongKey() =>
        Json(401, """{"statusCode":401,"name":"validation_error","message":"API key is invalid"}""");

    /// <summary>As to a key that may only send.</summary>
    public override HttpResponseMessage Works(HttpRequestMessage request, FakeMailAccount account) =>
        Json(401, """{"statusCode":401,"name":"restricted_api_key","message":"This API key is restricted to only send emails"}""");

    public override ReceivedMail Read(JsonObject body)
    {
        var from = MailboxAddress.Parse((string)body["from"]!);
        var headers = Members(body["headers"]);
        return new(
            (string)Assert.Single(body["to"]!.AsArray())!,
            from.Address,
            from.Name,
            (string)body["subject"]!,
            (string)body["text"]!,
            (string)body["html"]!,
            headers,
            headers["X-Entity-Ref-ID"],
            IsCounted: null
        );
    }

    public override HttpResponseMessage Taken(ReceivedMail mail) => Json(200, """{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}""");

    public override HttpResponseMessage Refused() =>
        Json(
            422,
            """{"statusCode":422,"name":"validation_error","message":"Invalid `to` field. The email address needs to follow the format."}"""
        );

    public override HttpResponseMessage SenderRefused() =>
        Json(
            403,
            """{"statusCode":403,"name":"validation_error","message":"The shop.example domain is not verified. Please, add and verify it."}"""
        );

    public override HttpResponseMessage ErrorInside() =>
        Json(200, """{"data":null,"error":{"statusCode":422,"name":"missing_required_field","message":"Missing `subject` field."}}""");

    public override string? Known(HttpRequestMessage request, JsonObject body) => request.Headers.GetValues("Idempotency-Key").Single();
}
