namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// What is known of the provider that passes our mails on, by the host that they are handed to. Sources: the domain guides of the
/// providers, read in November 2026.
/// </summary>
/// <param name="Name">For people.</param>
/// <param name="Hosts">Endings of the names of its SMTP servers.</param>
/// <param name="Selectors">Where it has its DKIM keys for a domain of a customer: one of them is enough. Empty where each customer has
/// others.</param>
/// <param name="SpfInclude">What the SPF record of a return path of the customer's has to include; null where none is needed.</param>
/// <param name="OwnReturnPath">Whether mails come back to the provider's own domain unless the customer sets up one.</param>
internal sealed record MailProvider(
    string Name,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Selectors,
    string? SpfInclude,
    bool OwnReturnPath
)
{
    private static readonly MailProvider[] Known =
    [
        new("Mailjet", ["mailjet.com"], ["mailjet"], "spf.mailjet.com", OwnReturnPath: true),
        new("Brevo", ["brevo.com", "sendinblue.com"], ["brevo1", "brevo2", "mail"], null, OwnReturnPath: true),
        new("Postmark", ["postmarkapp.com"], [], null, OwnReturnPath: true),
        new("Amazon SES", ["amazonaws.com"], [], null, OwnReturnPath: true),
        new("SendGrid", ["sendgrid.net"], ["s1", "s2"], null, OwnReturnPath: true),
        new("Mailgun", ["mailgun.org"], ["smtp", "mailo", "k1", "mx"], "mailgun.org", OwnReturnPath: false),
        new("Resend", ["resend.com"], ["resend"], null, OwnReturnPath: true),
        new("Google Workspace", ["gmail.com", "googlemail.com"], ["google"], "_spf.google.com", OwnReturnPath: false),
        new(
            "Microsoft 365",
            ["office365.com", "outlook.com"],
            ["selector1", "selector2"],
            "spf.protection.outlook.com",
            OwnReturnPath: false
        ),
    ];

    /// <param name="relay">The host that mails are handed to, such as <c>in-v3.mailjet.com</c>.</param>
    /// <returns>Null when it is nobody who is known.</returns>
    public static MailProvider? Of(string? relay) =>
        Array.Find(Known, one => one.Hosts.Any(host => relay?.EndsWith('.' + host, StringComparison.OrdinalIgnoreCase) == true));
}
