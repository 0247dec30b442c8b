namespace Gateway.Features.Mail.Rates;

/// <summary>A limit that somebody who takes or carries mail has published.</summary>
/// <param name="Provider">Whose mailboxes it is about (<see cref="RecipientProviders"/>); <see cref="PublishedLimits.Everybody"/> for all
/// that is sent.</param>
/// <param name="Via">The end of the name of the mail server whose owner says it; null for whoever carries the mail.</param>
/// <param name="Warning">The first limit, as a share from 0 to 1.</param>
/// <param name="Brake">The second; where only one number was published, the same.</param>
/// <param name="MinSent">Of fewer mails the share says nothing.</param>
/// <param name="Source">Where it was published.</param>
internal sealed record PublishedLimit(
    string Provider,
    string? Via,
    RateMeasure Measure,
    double Warning,
    double Brake,
    string Source,
    int MinSent = PublishedLimits.MinSent
);

/// <summary>
/// Limits that providers have published, as read in November 2026. Where a provider says nothing of its own, Gmail's share of complaints
/// and Amazon's share of bounces stand in: they are the strictest of those that are widely kept.
/// </summary>
internal static class PublishedLimits
{
    /// <summary>Stands for all providers of mailboxes together.</summary>
    public const string Everybody = "*";

    /// <summary>Of fewer mails nobody can tell a rate.</summary>
    public const int MinSent = 100;

    /// <summary>
    /// One or two people are no rate: whoever presses "spam" once must not stop a site's mail. So the brake needs as many as these.
    /// </summary>
    public const int MinCasesToBrake = 3;

    /// <summary>Days that a rate is about, today included.</summary>
    public const int Days = 7;

    private const string Gmail = "support.google.com/mail/answer/81126";
    private const string Amazon = "docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html";
    private const string Mailjet = "www.mailjet.com/legal/sending-policy";

    public static readonly IReadOnlyList<PublishedLimit> All =
    [
        new("gmail.com", null, RateMeasure.Complaints, 0.001, 0.003, Gmail),
        new("google workspace", null, RateMeasure.Complaints, 0.001, 0.003, Gmail),
        new("yahoo.com", null, RateMeasure.Complaints, 0.003, 0.003, "senders.yahooinc.com/best-practices"),
        // 0.6 % today, and announced to become 0.3 %; told to whoever sends more than 1,000 a day.
        new("orange.fr", null, RateMeasure.Complaints, 0.003, 0.006, "postmaster.orange.fr"),
        new(Everybody, "mailjet.com", RateMeasure.Complaints, 0.0008, 0.0008, Mailjet, 1000),
        new(Everybody, "mailjet.com", RateMeasure.Bounces, 0.08, 0.08, Mailjet),
        new(Everybody, "amazonaws.com", RateMeasure.Complaints, 0.001, 0.005, Amazon),
        new(Everybody, "amazonaws.com", RateMeasure.Bounces, 0.05, 0.10, Amazon),
    ];

    private static readonly PublishedLimit Complaints = new("", null, RateMeasure.Complaints, 0.001, 0.003, Gmail);
    private static readonly PublishedLimit Bounces = new(Everybody, null, RateMeasure.Bounces, 0.05, 0.10, Amazon);

    /// <param name="provider">One of <see cref="RecipientProviders"/>, or <see cref="Everybody"/>.</param>
    /// <param name="server">The mail server that mails are handed to; null for none.</param>
    /// <returns>Null where nobody's limit is about it.</returns>
    public static PublishedLimit? Of(string provider, RateMeasure measure, string? server) =>
        All.FirstOrDefault(limit =>
            limit.Provider == provider && limit.Measure == measure && (limit.Via is null || IsUnder(server, limit.Via))
        ) ?? (provider == Everybody ? (measure == RateMeasure.Bounces ? Bounces : null) : ForOthers(provider, measure));

    private static PublishedLimit? ForOthers(string provider, RateMeasure measure) =>
        measure == RateMeasure.Complaints ? Complaints with { Provider = provider } : null;

    private static bool IsUnder(string? server, string domain) =>
        server is not null
        && (
            server.Equals(domain, StringComparison.OrdinalIgnoreCase) || server.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase)
        );
}
