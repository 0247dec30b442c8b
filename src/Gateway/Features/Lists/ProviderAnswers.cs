using System.Net;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Connections;
using Refit;

namespace Gateway.Features.Lists;

/// <summary>What a list provider answered: the facts that decide whom it concerns.</summary>
/// <param name="Status">Null when no answer came.</param>
/// <param name="Text">The provider's own words. They may hold an address: never log or store them.</param>
/// <param name="RetryAfter">How long it asked to wait.</param>
internal sealed record ProviderAnswer(HttpStatusCode? Status, string Text = "", TimeSpan? RetryAfter = null)
{
    public static ProviderAnswer Of(IApiResponse answer, TimeProvider clock) =>
        new(answer.StatusCode, TextOf(answer), Asked(answer, clock));

    private static string TextOf(IApiResponse answer) => (answer.Error as ApiException)?.Content ?? "";

    private static TimeSpan? Asked(IApiResponse answer, TimeProvider clock)
    {
        if (answer.Headers?.RetryAfter is { } header)
        {
            return header.Delta ?? header.Date - clock.GetUtcNow();
        }

        // Brevo has a header of its own, in seconds. It stands in every answer and says when the counter begins anew, so it means
        // something only where the limit was reached.
        return
            answer.StatusCode == HttpStatusCode.TooManyRequests
            && answer.Headers?.TryGetValues("x-sib-ratelimit-reset", out var reset) == true
            && int.TryParse(
                reset.FirstOrDefault(),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var seconds
            )
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }
}

/// <summary>What an answer that is no success comes to.</summary>
internal sealed record Verdict(Concern Concern, ListOutcome Outcome)
{
    /// <summary>It was taken.</summary>
    public static readonly Verdict Fine = new(Concern.Person, new ListOutcome.Synced());

    public static Verdict Refused(string reason) => new(Concern.Person, new ListOutcome.Refused(reason));

    public static Verdict Account(string code, string reason, bool isList = false) =>
        new(Concern.Account, new ListOutcome.Held(new(Concern.Account, code, reason), isList));

    /// <param name="mayBePerson">Whether it may be about whom it was asked about.</param>
    public static Verdict Server(string code, string reason, TimeSpan? asked = null, bool mayBePerson = true) =>
        new(Concern.Server, new ListOutcome.Held(new(Concern.Server, code, reason, asked, mayBePerson)));

    /// <summary>Whether the next call would fare the same.</summary>
    public bool IsForAll => Outcome is ListOutcome.Held;
}

/// <summary>
/// Judges answers that are no success, as all providers mean them; what one alone says is looked at before. Only what an adapter
/// recognises as a clear refusal of an address is final; what nobody knows means "try later".
/// </summary>
internal static partial class ProviderAnswers
{
    /// <summary>What to do about a list that the provider does not know, such as one that was deleted there.</summary>
    public const string UnknownList = "Choose another one of the account, on the page of the list here.";

    /// <param name="provider">The provider's name in sentences.</param>
    /// <param name="settings">The section of its settings, <c>Lists__Mailjet</c>.</param>
    public static Verdict Judge(this ProviderAnswer answer, string provider, string settings) =>
        answer.Status switch
        {
            null => Verdict.Server("provider_unreachable", $"{provider} did not answer."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Verdict.Account(
                "credentials_refused",
                $"{provider} refuses the credentials ({(int)answer.Status}). Check those of the connection; those of the "
                    + $"account that all sites share are {settings}__ApiKey and what belongs to it."
            ),
            HttpStatusCode.PaymentRequired => Verdict.Account("account_limit", $"The {provider} account has reached its limit (402)."),
            HttpStatusCode.NotFound => Verdict.Account(
                "list_unknown",
                $"{provider} does not know this list (404). {UnknownList} If all lists are unknown: check {settings}__BaseUrl.",
                isList: true
            ),
            HttpStatusCode.TooManyRequests => Verdict.Server(
                "slow_down",
                $"{provider} asks us to go slower (429).",
                answer.RetryAfter,
                mayBePerson: false
            ),
            HttpStatusCode.RequestTimeout => Verdict.Server("provider_unavailable", $"{provider} did not answer in time (408)."),
            >= HttpStatusCode.InternalServerError => Verdict.Server(
                "provider_unavailable",
                $"{provider} answered {(int)answer.Status}{CodesIn(answer.Text)}.",
                answer.RetryAfter
            ),
            < HttpStatusCode.BadRequest => Verdict.Server(
                "answer_unreadable",
                $"{provider} answered {(int)answer.Status} with something that cannot be understood."
            ),
            { } status => new(Concern.Unknown, new ListOutcome.Later($"{provider} answered {(int)status}{CodesIn(answer.Text)}.")),
        };

    /// <summary>The error codes in the text, such as MJ08: they help whoever fixes it and hold nothing personal.</summary>
    private static string CodesIn(string text) =>
        Codes().Matches(text).Select(match => match.Value).Distinct().ToList() is { Count: > 0 } codes
            ? $" ({string.Join(", ", codes)})"
            : "";

    [GeneratedRegex(
        @"\bMJ-?\d{2,4}\b|\b(invalid_parameter|missing_parameter|out_of_range|duplicate_parameter|duplicate_request|method_not_allowed)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Codes();
}
