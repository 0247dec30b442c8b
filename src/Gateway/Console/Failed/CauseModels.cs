using Gateway.Console.Layout;
using Gateway.Infrastructure.Queue;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Failed;

/// <summary>Everything that failed for one reason. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Where it is decided.</param>
/// <param name="Kind">In a word or two.</param>
/// <param name="IsSubmissions">Whether another field or list can be chosen.</param>
/// <param name="IsReplies">Whether nothing is tried again: a person reads them and decides.</param>
public sealed record CauseRow(
    string Url,
    string Kind,
    string Code,
    string Reason,
    int Count,
    DateTime? Since,
    DateTime? LastAt,
    bool MayArriveTwice,
    bool IsSubmissions,
    bool IsReplies
)
{
    /// <summary>The sites that it happened at, on a page that is about several.</summary>
    public IReadOnlyList<AdminSiteLink> Sites { get; init; } = [];

    /// <param name="url">Of the page that lists what failed.</param>
    internal static CauseRow Of(FailedCause cause, string url, AdminPageContext context) =>
        new(
            $"{url}/causes/{cause.Cause}",
            cause.Queue switch
            {
                "submissions" => T("Submission"),
                "mail" => T("Mail"),
                "sms" => T("SMS"),
                "deliveries" => T("Hook"),
                "replies" => T("SMS reply"),
                "imports" => T("Import"),
                "hygiene" => T("List hygiene"),
                _ => T("List sync"),
            },
            cause.Code,
            cause.Reason.Length > 0 ? cause.Reason : cause.Code,
            cause.Count,
            cause.Since,
            cause.LastAt,
            FailedItem.MayArriveTwice(cause.Code),
            cause.Queue == "submissions",
            cause.Queue == "replies"
        )
        {
            Sites = context.Site is null ? [.. context.Seen.Where(site => cause.Sites.Contains(site.Id)).Select(context.LinkTo)] : [],
        };
}

/// <summary>A dismissal that can be undone with one press.</summary>
/// <param name="Action">Where the press leads.</param>
/// <param name="Decision">The decision that is undone, as the form sends it.</param>
public sealed record Undo(string Action, string Decision);
