using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Refit;

namespace Gateway.Features.Lists;

/// <summary>What one call came to, and whether the next one would fare the same.</summary>
internal readonly record struct Verdict(ListOutcome Outcome, bool IsForAll = false);

/// <summary>
/// Judges answers that are no success. Only what an adapter recognises as a clear refusal of an address is final; the default arm means
/// "try later".
/// </summary>
internal static partial class ProviderAnswers
{
    /// <param name="provider">The provider's name in sentences.</param>
    /// <param name="settings">The section of its settings, <c>Lists__Mailjet</c>.</param>
    public static ListOutcome.Later NotTold(this IApiResponse answer, string provider, string settings, TimeProvider clock) =>
        answer.StatusCode switch
        {
            null => new($"{provider} did not answer."),

            // An operator's to mend: until then at the slowest pace, and visible.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                $"{provider} refuses the credentials ({(int)answer.StatusCode}). Check {settings}__ApiKey and what belongs to it.",
                SyncBackoff.Max
            ),
            HttpStatusCode.NotFound => new(
                $"{provider} does not know this list (404). Check the list's id there and {settings}__BaseUrl.",
                SyncBackoff.Max
            ),
            HttpStatusCode.TooManyRequests => new($"{provider} asks us to go slower (429).", answer.RetryAfter(clock)),
            { } status when (int)status < 300 => new($"{provider} answered {(int)status} with something that cannot be understood."),
            { } status => new($"{provider} answered {(int)status}{CodesIn(answer.Text())}.", answer.RetryAfter(clock)),
        };

    /// <summary>What the provider wrote about its refusal. It may hold an address: never log or store it.</summary>
    public static string Text(this IApiResponse answer) => (answer.Error as ApiException)?.Content ?? "";

    private static TimeSpan? RetryAfter(this IApiResponse answer, TimeProvider clock)
    {
        // Brevo has a header of its own, in seconds.
        if (answer.Headers?.RetryAfter is not { } header)
        {
            return
                answer.Headers?.TryGetValues("x-sib-ratelimit-reset", out var reset) == true
                && int.TryParse(reset.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null;
        }

        return header.Delta ?? header.Date - clock.GetUtcNow();
    }

    /// <summary>The error codes in the text, such as MJ08: they help whoever mends it and hold nothing personal.</summary>
    private static string CodesIn(string text) =>
        Codes().Matches(text).Select(match => match.Value).Distinct().ToList() is { Count: > 0 } codes
            ? $" ({string.Join(", ", codes)})"
            : "";

    [GeneratedRegex(@"\bMJ-?\d{2,4}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Codes();
}
