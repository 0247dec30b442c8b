using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>
/// Headers that a relay reads, and gives back what stands in them with each event about the mail. They also ask it to count neither
/// openings nor clicks. Sources: the SMTP guides of the providers.
/// </summary>
internal static class CorrelationHeaders
{
    /// <summary>The name under which our message's id comes back.</summary>
    public const string Name = "gateway";

    /// <summary>Brevo gives it back as it is.</summary>
    public const string Brevo = "X-Mailin-custom";

    /// <summary>Resend has no header for it and gives all headers back.</summary>
    public const string Resend = "X-Entity-Ref-ID";

    /// <summary>SendGrid's filters.</summary>
    private const string NoTracking = """ "filters":{"clicktrack":{"settings":{"enable":0}},"opentrack":{"settings":{"enable":0}}}""";

    private static readonly (string Host, Func<string, (string Name, string Value)[]> Headers)[] Relays =
    [
        ("mailjet.com", id => [("X-MJ-CustomID", id), ("X-Mailjet-TrackOpen", "0"), ("X-Mailjet-TrackClick", "0")]),
        ("brevo.com", id => [(Brevo, Json(id))]),
        ("sendinblue.com", id => [(Brevo, Json(id))]),
        ("postmarkapp.com", id => [($"X-PM-Metadata-{Name}", id), ("X-PM-TrackOpens", "false"), ("X-PM-TrackLinks", "None")]),
        ("amazonaws.com", id => [("X-SES-MESSAGE-TAGS", $"{Name}={id}")]),
        ("sendgrid.net", id => [("X-SMTPAPI", "{\"unique_args\":" + Json(id) + "," + NoTracking + "}")]),
        ("mailgun.org", id => [("X-Mailgun-Variables", Json(id)), ("X-Mailgun-Track", "no")]),
        ("resend.com", id => [(Resend, id)]),
    ];

    /// <param name="relay">The host that mails are handed to, such as <c>in-v3.mailjet.com</c>.</param>
    /// <returns>The headers of a mail; none where the relay is not known.</returns>
    public static (string Name, string Value)[] Of(string? relay, Guid messageId) =>
        Array.Find(Relays, one => relay?.EndsWith('.' + one.Host, StringComparison.OrdinalIgnoreCase) == true) is { Headers: { } headers }
            ? headers(PublicId.Format(PublicId.Message, messageId))
            : [];

    /// <summary>The id as an object, for headers that hold one.</summary>
    public static string Json(string id) => $$"""{"{{Name}}":"{{id}}"}""";
}
