using Gateway.Features.Contacts;
using Gateway.Features.Sites;

namespace Gateway.Features.OptIn;

/// <summary>How a request to confirm stands, as the person who holds its link may see it.</summary>
internal enum OptInStanding
{
    /// <summary>The link is not one of ours, or too old to be remembered.</summary>
    Unknown,

    /// <summary>One press confirms.</summary>
    Open,

    /// <summary>A press came without any of several lists ticked: nothing was confirmed.</summary>
    NoneChosen,

    /// <summary>Confirmed by this press.</summary>
    JustConfirmed,

    AlreadyConfirmed,

    /// <summary>It was confirmed, and the person has unsubscribed since.</summary>
    Unsubscribed,

    /// <summary>It was confirmed, and the person is not on the list any more for another reason.</summary>
    NotSubscribed,

    /// <summary>Cancelled by this press or before.</summary>
    Cancelled,

    /// <summary>It was cancelled, and that was taken back: the person may sign up again.</summary>
    Restored,

    /// <summary>Too late; a new mail can be asked for.</summary>
    Expired,

    /// <summary>A new mail was asked for. Whether one goes out is not told.</summary>
    Renewed,

    /// <summary>A new mail was asked for too early: none goes out.</summary>
    TooSoon,
}

/// <param name="Lists">Those of which the standing is told: that wait for an answer, or were confirmed. At least one, unless it is
/// unknown.</param>
/// <param name="Preferences">The token of a link to the person's preferences; only with <see cref="OptInStanding.JustConfirmed"/>.</param>
/// <param name="NextAt">From when a new mail can be asked for, UTC; of a link that came too late.</param>
/// <param name="HeldUntil">When the mail that was asked for is tried again, because too many went out; null when none waits.</param>
/// <param name="PurposeWords">By list, what is said of its purpose; of those that wait for an answer.</param>
/// <param name="MayRestore">Whether this press cancelled the whole subscription, so that it can be taken back.</param>
internal sealed record OptInPageModel(
    OptInStanding Standing,
    Site? Site = null,
    IReadOnlyList<ContactList>? Lists = null,
    string Language = "en",
    string? Preferences = null,
    DateTime? NextAt = null,
    DateTime? HeldUntil = null,
    bool MayRestore = false,
    IReadOnlyDictionary<Guid, string>? PurposeWords = null
);
