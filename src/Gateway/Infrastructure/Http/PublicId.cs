namespace Gateway.Infrastructure.Http;

/// <summary>How ids look outside: a short prefix for the kind and a version-7 UUID in 32 hexadecimal digits, <c>sub_0199…</c>.</summary>
internal static class PublicId
{
    public const string Site = "site";
    public const string Submission = "sub";
    public const string Contact = "con";
    public const string Connection = "conn";
    public const string List = "lst";
    public const string Message = "msg";
    public const string Sms = "sms";
    public const string Reply = "rpl";
    public const string Event = "evt";
    public const string Hook = "hk";
    public const string Delivery = "dlv";
    public const string Template = "tpl";
    public const string Segment = "seg";
    public const string HygieneRound = "hyg";
    public const string Import = "imp";
    public const string AdminSession = "ses";
    public const string AdminPerson = "prs";
    public const string Passkey = "pky";
    public const string ApiKey = "key";

    public static string Format(string prefix, Guid id) => $"{prefix}_{id:N}";

    /// <returns>The id, or null when the text is not an id of this kind.</returns>
    public static Guid? Parse(string prefix, string? text) =>
        text is not null
        && text.Length == prefix.Length + 33
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && text[prefix.Length] == '_'
        && Guid.TryParseExact(text.AsSpan(prefix.Length + 1), "N", out var id)
            ? id
            : null;

    /// <returns>
    /// When the id was made, UTC: version-7 ids begin with their time in milliseconds. Whoever wrote an id by hand gets the year 9999 at
    /// most.
    /// </returns>
    public static DateTime MadeAt(Guid id) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(
                Math.Min(Convert.ToInt64(id.ToString("N")[..12], 16), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            )
            .UtcDateTime;

    /// <returns>An id before all that were made at this time, UTC, or later.</returns>
    public static Guid FirstOf(DateTime time) =>
        Guid.ParseExact($"{(long)(time - DateTime.UnixEpoch).TotalMilliseconds:x12}{new string('0', 20)}", "N");
}
