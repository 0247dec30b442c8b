using System.Diagnostics.CodeAnalysis;

namespace Gateway.Infrastructure;

/// <summary>Of what kind a refusal is; endpoints make their status of it.</summary>
internal enum RefusalKind
{
    /// <summary>What was given cannot be used: 400.</summary>
    Invalid,

    /// <summary>It could be used, but not by this caller or for this recipient: 403.</summary>
    Forbidden,

    /// <summary>There is no such thing: 404.</summary>
    Missing,

    /// <summary>It contradicts what is there: 409.</summary>
    Conflict,

    /// <summary>It is larger than anything that would be taken: 413.</summary>
    TooLarge,

    /// <summary>Too much of it within some time: 429.</summary>
    TooMany,
}

/// <summary>Why a rule refuses what somebody asked for. Nothing was changed.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence that says what to do.</param>
/// <param name="Field">The field it is about, as the caller writes it; null when it is about the whole.</param>
internal sealed record Refusal(RefusalKind Kind, string Code, string Message, string? Field = null)
{
    public static readonly Refusal KeyReused = new(
        RefusalKind.Conflict,
        "key_reused",
        "This key was used before for other content. Use a new key for new content."
    );

    public static Refusal Invalid(string message) => new(RefusalKind.Invalid, "invalid_request", message);

    public static Refusal Invalid(string field, string message) => new(RefusalKind.Invalid, "invalid_request", message, field);
}

/// <summary>
/// What came of a rule: its value, or why it refused. A rule with more ways to end has a record of its own, with a case for each.
/// </summary>
internal abstract record Result<T>
    where T : notnull
{
    private Result() { }

    public sealed record Done(T Value) : Result<T>;

    public sealed record Refused(Refusal Why) : Result<T>;

    public static implicit operator Result<T>(T value) => new Done(value);

    public static implicit operator Result<T>(Refusal why) => new Refused(why);

    /// <returns>Whether it was refused; then <paramref name="why"/> says why, else there is <paramref name="value"/>.</returns>
    public bool IsRefused([NotNullWhen(true)] out Refusal? why, [NotNullWhen(false)] out T? value)
    {
        (why, value) = this is Done done ? (null, done.Value) : (((Refused)this).Why, default(T));
        return why is not null;
    }
}
