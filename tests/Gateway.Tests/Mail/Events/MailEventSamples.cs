using Gateway.Features.Mail.MailEvents;

namespace Gateway.Tests.Mail.Events;

/// <summary>
/// Events as providers publish them, by their guides of November 2026. In them <c>{msg}</c> is our message, <c>{mid}</c> its Message-ID
/// without brackets, <c>{to}</c> the recipient, <c>{at}</c> a second after 1970 and <c>{iso}</c> the same in ISO 8601.
/// </summary>
internal static class MailEventSamples
{
    private const string Ses = """
        "mail": { "timestamp": "{iso}", "messageId": "0102018f-ses", "destination": ["{to}"], "headersTruncated": false,
          "headers": [ { "name": "From", "value": "news@shop.example" }, { "name": "Message-ID", "value": "<{mid}>" } ],
          "commonHeaders": { "messageId": "0102018f-ses", "to": ["{to}"] }, "tags": { "ses:configuration-set": ["gateway"], "gateway": ["{msg}"] } }
        """;

    private const string Mailgun = """
        "recipient": "{to}", "id": "mg-{msg}-{n}", "timestamp": {at}.123, "user-variables": { "gateway": "{msg}" },
        "message": { "headers": { "message-id": "{mid}", "to": "{to}" } }
        """;

    /// <summary>Provider, what it tells, and how that is understood.</summary>
    public static readonly (string Provider, string Body, MailEventType Type)[] All =
    [
        // Mailjet
        Mailjet(
            """[{"event":"sent","time":{at},"MessageID":19421777835146490,"Message_GUID":"1ab23cd4","email":"{to}","mj_campaign_id":7,"mj_contact_id":4,"customcampaign":"","mj_message_id":"19421777835146490","smtp_reply":"sent (250 2.0.0 OK 4242 fa5si855896wjc.199 - gsmtp)","CustomID":"{msg}","Payload":""}]""",
            MailEventType.Delivered
        ),
        Mailjet(
            """{"event":"bounce","time":{at},"MessageID":13792286917004336,"email":"{to}","mj_campaign_id":0,"mj_contact_id":0,"customcampaign":"","CustomID":"{msg}","Payload":"","blocked":false,"hard_bounce":true,"error_related_to":"recipient","error":"user unknown","comment":"Host or domain name not found."}""",
            MailEventType.HardBounced
        ),
        Mailjet(
            """[{"event":"bounce","time":{at},"MessageID":1,"email":"{to}","CustomID":"","Payload":"{\"gateway\":\"{msg}\"}","blocked":false,"hard_bounce":false,"error_related_to":"recipient","error":"quota exceeded","comment":"552 5.2.2 mailbox full"}]""",
            MailEventType.SoftBounced
        ),
        Mailjet(
            """[{"event":"blocked","time":{at},"MessageID":2,"email":"{to}","CustomID":"{msg}","error_related_to":"recipient","error":"user unknown"}]""",
            MailEventType.HardBounced
        ),
        Mailjet(
            """[{"event":"blocked","time":{at},"MessageID":3,"email":"{to}","CustomID":"{msg}","error_related_to":"mailjet","error":"preblocked"}]""",
            MailEventType.HardBounced
        ),
        Mailjet(
            """[{"event":"blocked","time":{at},"MessageID":4,"email":"{to}","CustomID":"{msg}","error_related_to":"spam","error":"content blocked"}]""",
            MailEventType.Blocked
        ),
        Mailjet(
            """[{"event":"bounce","time":{at},"MessageID":5,"email":"{to}","CustomID":"{msg}","hard_bounce":true,"error_related_to":"spam","error":"policy issue"}]""",
            MailEventType.Blocked
        ),
        Mailjet(
            """[{"event":"blocked","time":{at},"MessageID":6,"email":"{to}","CustomID":"{msg}","error_related_to":"domain","error":"greylisted"}]""",
            MailEventType.Deferred
        ),
        Mailjet(
            """[{"event":"spam","time":{at},"MessageID":7,"email":"{to}","CustomID":"{msg}","source":"JMRPP"}]""",
            MailEventType.Complained
        ),
        Mailjet(
            """[{"event":"unsub","time":{at},"MessageID":8,"email":"{to}","CustomID":"{msg}","mj_list_id":1,"ip":"127.0.0.1","geo":"FR","agent":"Mozilla/5.0"}]""",
            MailEventType.Unsubscribed
        ),
        Mailjet(
            """[{"event":"open","time":{at},"MessageID":9,"email":"{to}","CustomID":"{msg}","ip":"127.0.0.1","geo":"US","agent":"Mozilla/5.0"}]""",
            MailEventType.Opened
        ),
        // Brevo
        Brevo("delivered", MailEventType.Delivered),
        Brevo("request", MailEventType.Other),
        Brevo("deferred", MailEventType.Deferred),
        Brevo("hard_bounce", MailEventType.HardBounced),
        Brevo("invalid_email", MailEventType.HardBounced),
        Brevo("soft_bounce", MailEventType.SoftBounced),
        Brevo("blocked", MailEventType.Blocked),
        Brevo("spam", MailEventType.Complained),
        Brevo("unsubscribed", MailEventType.Unsubscribed),
        Brevo("unique_opened", MailEventType.Opened),
        Brevo("click", MailEventType.Clicked),
        // Postmark
        Postmark(
            """{"RecordType":"Delivery","ServerID":23,"MessageStream":"outbound","MessageID":"883953f4","Recipient":"{to}","Tag":"","DeliveredAt":"{iso}","Details":"Test delivery webhook details","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Delivered
        ),
        Postmark(
            """{"RecordType":"Bounce","ID":42,"Type":"HardBounce","TypeCode":1,"Name":"Hard bounce","MessageID":"883953f4","Description":"The server was unable to deliver your message (ex: unknown user, mailbox not found).","Details":"smtp;550 5.1.1 The email account that you tried to reach does not exist.","Email":"{to}","From":"news@shop.example","BouncedAt":"{iso}","DumpAvailable":true,"Inactive":true,"CanActivate":true,"Subject":"Test","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.HardBounced
        ),
        Postmark(
            """{"RecordType":"Bounce","ID":43,"Type":"HardBounce","TypeCode":1,"Details":"smtp;550 5.7.1 Message refused by policy","Email":"{to}","BouncedAt":"{iso}","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Blocked
        ),
        Postmark(
            """{"RecordType":"Bounce","ID":44,"Type":"SoftBounce","TypeCode":4096,"Details":"smtp;452 4.2.2 The email account is over quota","Email":"{to}","BouncedAt":"{iso}","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.SoftBounced
        ),
        Postmark(
            """{"RecordType":"Bounce","ID":45,"Type":"AutoResponder","TypeCode":64,"Email":"{to}","BouncedAt":"{iso}","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Other
        ),
        Postmark(
            """{"RecordType":"SpamComplaint","ID":46,"Type":"SpamComplaint","TypeCode":100001,"Details":"Test spam complaint details","Email":"{to}","BouncedAt":"{iso}","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Complained
        ),
        Postmark(
            """{"RecordType":"SubscriptionChange","MessageID":"883953f4","ChangedAt":"{iso}","Recipient":"{to}","Origin":"Recipient","SuppressSending":true,"SuppressionReason":"ManualSuppression","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Unsubscribed
        ),
        Postmark(
            """{"RecordType":"SubscriptionChange","MessageID":"883953f4","ChangedAt":"{iso}","Recipient":"{to}","Origin":"Customer","SuppressSending":true,"SuppressionReason":"ManualSuppression","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Other
        ),
        Postmark(
            """{"RecordType":"SubscriptionChange","MessageID":"883953f4","ChangedAt":"{iso}","Recipient":"{to}","Origin":"Recipient","SuppressSending":false,"SuppressionReason":null,"Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Other
        ),
        Postmark(
            """{"RecordType":"Open","FirstOpen":true,"Recipient":"{to}","MessageID":"883953f4","ReceivedAt":"{iso}","Metadata":{"gateway":"{msg}"}}""",
            MailEventType.Opened
        ),
        // Amazon SES
        Amazon(
            """{"eventType":"Delivery","""
                + Ses
                + ""","delivery":{"timestamp":"{iso}","processingTimeMillis":546,"recipients":["{to}"],"smtpResponse":"250 ok:  Message 64111812 accepted","reportingMTA":"a8-70.smtp-out.amazonses.com"}}""",
            MailEventType.Delivered
        ),
        Amazon(
            """{"eventType":"Bounce","""
                + Ses
                + ""","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"{to}","status":"5.1.1","action":"failed","diagnosticCode":"smtp; 550 5.1.1 <{to}>... User"}],"timestamp":"{iso}","feedbackId":"00000138111222aa","remoteMtaIp":"127.0.2.0","reportingMTA":"dns; email.example.com"}}""",
            MailEventType.HardBounced
        ),
        Amazon(
            """{"notificationType":"Bounce","""
                + Ses
                + ""","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":"{to}","status":"5.2.2","action":"failed"}],"timestamp":"{iso}","feedbackId":"00000138111222ab"}}""",
            MailEventType.SoftBounced
        ),
        Amazon(
            """{"eventType":"Bounce","""
                + Ses
                + ""","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"{to}","status":"5.7.1","action":"failed"}],"timestamp":"{iso}","feedbackId":"00000138111222ac"}}""",
            MailEventType.Blocked
        ),
        Amazon(
            """{"eventType":"Complaint","""
                + Ses
                + ""","complaint":{"complainedRecipients":[{"emailAddress":"{to}"}],"complaintFeedbackType":"abuse","timestamp":"{iso}","feedbackId":"000001378603177f","userAgent":"AnyCompany Feedback Loop (V0.01)"}}""",
            MailEventType.Complained
        ),
        Amazon(
            """{"eventType":"Complaint","""
                + Ses
                + ""","complaint":{"complainedRecipients":[{"emailAddress":"{to}"}],"complaintFeedbackType":"not-spam","timestamp":"{iso}","feedbackId":"0000013786031780"}}""",
            MailEventType.Other
        ),
        Amazon(
            """{"eventType":"DeliveryDelay","""
                + Ses
                + ""","deliveryDelay":{"timestamp":"{iso}","delayType":"TransientCommunicationFailure","expirationTime":"{iso}","delayedRecipients":[{"emailAddress":"{to}","status":"4.4.1","diagnosticCode":"smtp; 421 4.4.1 Unable to connect to remote host"}]}}""",
            MailEventType.Deferred
        ),
        Amazon("""{"eventType":"Reject",""" + Ses + ""","reject":{"reason":"Bad content"}}""", MailEventType.Blocked),
        Amazon(
            """{"eventType":"Open",""" + Ses + ""","open":{"ipAddress":"192.0.2.1","timestamp":"{iso}","userAgent":"Mozilla/5.0"}}""",
            MailEventType.Opened
        ),
        // SendGrid
        SendGrid("\"event\":\"processed\"", MailEventType.Other),
        SendGrid("\"event\":\"delivered\",\"response\":\"250 OK\"", MailEventType.Delivered),
        SendGrid("\"event\":\"deferred\",\"response\":\"400 try again later\",\"attempt\":\"5\"", MailEventType.Deferred),
        SendGrid(
            "\"event\":\"bounce\",\"reason\":\"550 5.1.1 unknown\",\"status\":\"5.1.1\",\"type\":\"bounce\"",
            MailEventType.HardBounced
        ),
        SendGrid(
            "\"event\":\"bounce\",\"reason\":\"552 5.2.2 over quota\",\"status\":\"5.2.2\",\"type\":\"bounce\"",
            MailEventType.SoftBounced
        ),
        SendGrid("\"event\":\"bounce\",\"reason\":\"550 blocked\",\"status\":\"5.7.1\",\"type\":\"blocked\"", MailEventType.Blocked),
        SendGrid("\"event\":\"dropped\",\"reason\":\"Bounced Address\",\"status\":\"5.0.0\"", MailEventType.HardBounced),
        SendGrid("\"event\":\"dropped\",\"reason\":\"Spam Content\"", MailEventType.Blocked),
        SendGrid("\"event\":\"spamreport\"", MailEventType.Complained),
        SendGrid("\"event\":\"unsubscribe\"", MailEventType.Unsubscribed),
        SendGrid("\"event\":\"open\",\"useragent\":\"Mozilla/4.0\",\"ip\":\"255.255.255.255\"", MailEventType.Opened),
        // Mailgun
        Gun("\"event\":\"delivered\",\"delivery-status\":{\"code\":250,\"message\":\"OK\"}", MailEventType.Delivered),
        Gun(
            "\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"bounce\","
                + "\"delivery-status\":{\"code\":550,\"enhanced-code\":\"5.1.1\","
                + "\"message\":\"5.1.1 The email account does not exist\",\"description\":\"\"}",
            MailEventType.HardBounced
        ),
        Gun(
            "\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"suppress-bounce\","
                + "\"delivery-status\":{\"code\":605,\"message\":\"\",\"description\":\"Not delivering to previously bounced address\"}",
            MailEventType.HardBounced
        ),
        Gun(
            "\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"bounce\","
                + "\"delivery-status\":{\"code\":552,\"message\":\"552 5.2.2 full\"}",
            MailEventType.SoftBounced
        ),
        Gun(
            "\"event\":\"failed\",\"severity\":\"temporary\",\"reason\":\"generic\",\"delivery-status\":{\"code\":498}",
            MailEventType.Deferred
        ),
        Gun("\"event\":\"complained\"", MailEventType.Complained),
        Gun("\"event\":\"unsubscribed\"", MailEventType.Unsubscribed),
        Gun("\"event\":\"accepted\"", MailEventType.Other),
        // Resend
        Resend("email.delivered", "", MailEventType.Delivered),
        Resend("email.sent", "", MailEventType.Other),
        Resend("email.delivery_delayed", "", MailEventType.Deferred),
        Resend(
            "email.bounced",
            ",\"bounce\":{\"message\":\"The recipient's email address does not exist.\",\"subType\":\"General\",\"type\":\"Permanent\"}",
            MailEventType.HardBounced
        ),
        Resend(
            "email.bounced",
            ",\"bounce\":{\"message\":\"Mailbox full\",\"subType\":\"MailboxFull\",\"type\":\"Transient\"}",
            MailEventType.SoftBounced
        ),
        Resend("email.complained", "", MailEventType.Complained),
        // Ours
        (MailEventFormats.Generic, """{"messageId":"{msg}","type":"delivered","at":"{iso}"}""", MailEventType.Delivered),
        (
            MailEventFormats.Generic,
            """{"messageId":"<{mid}>","type":"hard_bounced","code":"5.1.1","detail":"No such user","at":"{iso}"}""",
            MailEventType.HardBounced
        ),
        (MailEventFormats.Generic, """[{"messageId":"{msg}","type":"hard_bounced","code":"5.2.2"}]""", MailEventType.SoftBounced),
        (MailEventFormats.Generic, """[{"messageId":"{msg}","type":"complained","id":"a {n}"}]""", MailEventType.Complained),
        (MailEventFormats.Generic, """{"messageId":"{msg}","type":"unsubscribed"}""", MailEventType.Unsubscribed),
        (MailEventFormats.Generic, """{"address":"{to}","type":"complained"}""", MailEventType.Complained),
    ];

    private static (string, string, MailEventType) Mailjet(string body, MailEventType type) => (MailEventFormats.Mailjet, body, type);

    private static (string, string, MailEventType) Brevo(string name, MailEventType type) =>
        (
            MailEventFormats.Brevo,
            $$"""{"event":"{{name}}","email":"{to}","id":26224,"date":"2026-11-29 09:00:00","ts":{at},"message-id":"<{mid}>","ts_event":{at},"ts_epoch":{at}000,"subject":"Your order","X-Mailin-custom":"{\"gateway\":\"{msg}\"}","sending_ip":"192.0.2.1","template_id":22,"tag":"","reason":"server is down"}""",
            type
        );

    private static (string, string, MailEventType) Postmark(string body, MailEventType type) => (MailEventFormats.Postmark, body, type);

    private static (string, string, MailEventType) Amazon(string message, MailEventType type) =>
        (MailEventFormats.AmazonSes, message, type);

    private static (string, string, MailEventType) SendGrid(string members, MailEventType type) =>
        (
            MailEventFormats.SendGrid,
            $$"""[{"email":"{to}","timestamp":{at},"smtp-id":"<{mid}>","sg_event_id":"sg-{msg}-{n}","sg_message_id":"14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0","gateway":"{msg}",{{members}}}]""",
            type
        );

    private static (string, string, MailEventType) Gun(string members, MailEventType type) =>
        (MailEventFormats.Mailgun, "{\"signature\":{signature},\"event-data\":{" + members + "," + Mailgun + "}}", type);

    private static (string, string, MailEventType) Resend(string name, string members, MailEventType type) =>
        (
            MailEventFormats.Resend,
            "{\"type\":\""
                + name
                + "\",\"created_at\":\"{iso}\",\"data\":{\"email_id\":\"56761188\",\"from\":\"news@shop.example\",\"to\":[\"{to}\"],"
                + "\"headers\":[{\"name\":\"X-Entity-Ref-ID\",\"value\":\"{msg}\"}],\"subject\":\"Your order\""
                + members
                + "}}",
            type
        );
}
