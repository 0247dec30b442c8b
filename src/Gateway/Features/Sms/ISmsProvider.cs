using System.Collections.Immutable;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms;

/// <summary>
/// An SMS provider. It makes one call for one message and says what it saw; whether that may be repeated is decided by what it saw, never
/// by it.
/// It is a singleton, keyed by its name, and throws nothing but the cancellation it was asked for.
/// </summary>
internal interface ISmsProvider
{
    /// <summary>As in routes, rows and the API: <c>twilio</c>.</summary>
    string Name { get; }

    /// <summary>The longest any call takes; with time to spare it is part of a row's lease.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>
    /// How long after it was sent, or asked about, one asks for news of a message; null when it is not worth asking again.
    /// </summary>
    /// <param name="asked">How often one has asked already.</param>
    TimeSpan? AskAgainAfter(int asked);

    /// <summary>How long after a message's end one asks what it cost; null for a provider that says so by itself, or never does.</summary>
    TimeSpan? PriceAfter => null;

    /// <summary>Makes the one send call.</summary>
    Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct);

    /// <summary>Looks for a message whose send call ended without an answer among those the provider has.</summary>
    Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct);

    /// <summary>Asks what became of a message the provider took.</summary>
    /// <returns>Null when it cannot be told now.</returns>
    Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct);
}

/// <summary>One message on its way to a provider.</summary>
/// <param name="Account">The provider's own options for this site.</param>
/// <param name="StatusCallback">Where receipts for this very call are to be told, for providers that call back.</param>
internal sealed record SmsCall(SmsMessage Sms, ISmsAccount Account, Uri StatusCallback)
{
    /// <summary>The provider's ids of other messages to this recipient: who looks for this message passes over them.</summary>
    public IReadOnlySet<string> Taken { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>
    /// Whether the outcome of another message to this recipient from about the same time is unknown too: then only the text tells them
    /// apart.
    /// </summary>
    public bool IsAmbiguous { get; init; }
}

/// <summary>What a send call came to. <see cref="Unknown"/> is the default: only what is known for certain may be anything else.</summary>
internal abstract record SmsOutcome
{
    /// <summary>The provider took it.</summary>
    public sealed record Sent(string ProviderId, decimal? Price = null, string? Currency = null) : SmsOutcome;

    /// <summary>It was certainly not sent, and may be tried later or elsewhere.</summary>
    /// <param name="Reason">A sentence without numbers or text.</param>
    /// <param name="Error">What holds up every message of the account, or null when it is about this message alone.</param>
    public sealed record NotSent(string Reason, TimeSpan? RetryAfter = null, ConnectionError? Error = null) : SmsOutcome
    {
        /// <summary>Whether only messages from this sender are held up.</summary>
        public bool IsSender { get; init; }

        public static NotSent All(Concern concern, string code, string reason, TimeSpan? retryAfter = null) =>
            new(reason, retryAfter, new(concern, code, reason, retryAfter));

        /// <summary>The account may not send from this sender: an operator's to fix, and then everything that waits goes out.</summary>
        public static NotSent Sender(string reason) =>
            new(reason, null, new(Concern.Account, "sender_refused", reason)) { IsSender = true };
    }

    /// <summary>The provider will not send it, now or later.</summary>
    /// <param name="Code">Ours: <c>number_invalid</c>, <c>suppressed</c>, <c>sender_not_allowed</c>, <c>unreachable</c>, <c>rejected</c>
    /// …</param>
    /// <param name="Elsewhere">Whether another provider may well send it: the refusal is about this account, not about the number.</param>
    public sealed record Refused(string Code, string Reason, string? ProviderCode = null, bool Elsewhere = false) : SmsOutcome;

    /// <summary>It may have been sent.</summary>
    public sealed record Unknown(string Reason) : SmsOutcome;
}

/// <summary>What looking for a message at its provider came to.</summary>
internal abstract record LookupResult
{
    /// <summary>It is there.</summary>
    public sealed record Found(SmsReport Report) : LookupResult;

    /// <summary>The provider does not have it, as far as it shows: that is no proof that it never will.</summary>
    public sealed record NotFound : LookupResult;

    /// <summary>More than one could be it, or the provider did not answer.</summary>
    public sealed record CannotTell(string Reason) : LookupResult;
}

/// <summary>What a provider says about a message it took, in a callback or when asked.</summary>
/// <param name="State"><see cref="SmsState.Sent"/>, <see cref="SmsState.Delivered"/> or <see cref="SmsState.Failed"/>.</param>
/// <param name="Key">Makes the same news the same row, such as <c>SM…:delivered</c>.</param>
/// <param name="Failure">Why, when it failed.</param>
/// <param name="Body">The provider's own words, verbatim.</param>
internal sealed record SmsReport(
    string ProviderId,
    SmsState State,
    string Key,
    byte[] Body,
    SmsFailure? Failure = null,
    decimal? Price = null,
    string? Currency = null
);

/// <param name="Code">Ours, stable.</param>
/// <param name="Reason">A sentence without numbers or text.</param>
internal sealed record SmsFailure(string Code, string Reason, string? ProviderCode = null)
{
    /// <summary>The provider says that the recipient opted out.</summary>
    public const string Suppressed = "suppressed";

    /// <summary>No provider took it in time.</summary>
    public const string Expired = "expired";

    /// <summary>Nobody would take it so far; it is tried again.</summary>
    public const string NotSent = "not_sent";

    /// <summary>A send call ended without an answer.</summary>
    public const string NoAnswer = "no_answer";
}

/// <summary>What a provider says that a message cost.</summary>
internal static class SmsPrice
{
    private const decimal Max = 100_000;

    /// <param name="currency">ISO 4217.</param>
    /// <returns>Nulls where it is no price: an answer of nonsense must not keep the outcome from being recorded.</returns>
    public static (decimal? Amount, string? Currency) Of(decimal? amount, string? currency) =>
        amount is { } price && Math.Abs(price) < Max && currency is { Length: 3 } && currency.All(char.IsAsciiLetter)
            ? (Math.Abs(price), currency.ToUpperInvariant())
            : (null, null);
}
