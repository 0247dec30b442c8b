using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;
using PhoneNumbers;

namespace Gateway.Features.Sms;

/// <summary>A number that an SMS can be sent to. This is the one way in which numbers are read, wherever they come from.</summary>
/// <param name="Number">E.164.</param>
/// <param name="Country">ISO 3166 letters; null when the number belongs to no country.</param>
internal sealed partial record PhoneNumber(string Number, string? Country)
{
    private const string Expected =
        "A number has digits, with + and the country code in front: +33612345678. Spaces, dots, hyphens and brackets are fine; ";

    private const int MaxTyped = 100;

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <param name="typed">E.164, or as dialled within <paramref name="country"/>; also the link to a number, <c>tel:</c>.</param>
    /// <param name="error">Why it is none, and what to do, as a sentence without the number.</param>
    public static PhoneNumber? Parse(string typed, string? country, out string error)
    {
        if (typed.Length > MaxTyped || PastedText.Clean(typed) is not { } text)
        {
            error = $"{Expected}this text is too long, or was cut or encoded wrongly.";
            return null;
        }

        text = WithPlainDigits(WithoutScheme(text));
        if (ErrorOf(text) is { } unfit)
        {
            error = unfit;
            return null;
        }

        var region = PastedText.Clean(country)?.ToUpperInvariant();
        if (region is { Length: > 0 } && !Numbers.GetSupportedRegions().Contains(region))
        {
            error = "country is two letters (ISO 3166), such as FR.";
            return null;
        }

        region = region is { Length: > 0 } ? region : null;
        return WithTrunkPrefix().IsMatch(text)
            ? Read(WithTrunkPrefix().Replace(text, "$1 "), region, out error) ?? Read(text, region, out error)
            : Read(text, region, out error);
    }

    /// <returns>What the numbers of a country begin with, such as <c>+33</c>; null where there is no such country.</returns>
    public static string? CallingCodeOf(string country) =>
        Numbers.GetCountryCodeForRegion(country.ToUpperInvariant()) is > 0 and var code
            ? $"+{code.ToString(CultureInfo.InvariantCulture)}"
            : null;

    /// <returns>The country of a stored number, as ISO 3166 letters; null when it belongs to none.</returns>
    public static string? CountryOf(string number) => Parse(number, country: null, out _)?.Country;

    /// <summary>A link to a number (RFC 3966), as web pages and contact books hold it. Parameters stay and are refused.</summary>
    private static string WithoutScheme(string text) =>
        Scheme().Match(text) is { Success: true } scheme
            ? PastedText.Clean(Uri.UnescapeDataString(text[scheme.Length..])) ?? ""
            // A spreadsheet's sign for "this is a text".
            : text.TrimStart('\'');

    /// <summary>Every script's digits mean the same.</summary>
    private static string WithPlainDigits(string text) =>
        text.All(letter => letter is >= ' ' and <= '~')
            ? text
            : string.Concat(
                text.Select(letter =>
                    char.IsDigit(letter) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter))
                    : char.GetUnicodeCategory(letter) == UnicodeCategory.DashPunctuation || letter == '\u2212' ? '-'
                    : char.IsWhiteSpace(letter) ? ' '
                    : letter is '\u00b7' or '\u2022' or '\u2027' ? '.'
                    : letter
                )
            );

    /// <summary>The library would dial letters (1-800-FLOWERS) and accept an extension, which no SMS reaches.</summary>
    private static string? ErrorOf(string text) =>
        Written().IsMatch(text) ? null
        : text.Contains(";phone-context", StringComparison.OrdinalIgnoreCase)
            ? "A number that holds only within a phone-context is not dialled from here: write it with + and the country code."
        : Extension().IsMatch(text) ? "This number has an extension, which no SMS reaches. Write the number alone: +33612345678."
        : text.Count(letter => letter == '+') > 1 || text.AsSpan().IndexOfAny(',', ';') >= 0 ? $"{Expected}one number for each call."
        : $"{Expected}letters and extensions are not.";

    private static PhoneNumber? Read(string text, string? region, out string error)
    {
        // Within every country whose numbers begin with 00 that means "another country follows".
        var dialled = region is null && text.StartsWith("00", StringComparison.Ordinal) ? $"+{text[2..]}" : text;
        try
        {
            return Check(Numbers.Parse(dialled, region), out error);
        }
        catch (NumberParseException)
        {
            error =
                region is null && !dialled.StartsWith('+')
                    ? "Write the number with + and the country code, +33612345678, or name the country it is dialled in."
                    : "This is not a phone number.";
            return null;
        }
    }

    private static PhoneNumber? Check(PhoneNumbers.PhoneNumber number, out string error)
    {
        error = !Numbers.IsValidNumber(number)
            ? "There is no such number: its length or its first digits fit no numbering plan."
            : Numbers.GetNumberType(number) switch
            {
                PhoneNumberType.FIXED_LINE => "This is a landline, which takes no SMS.",
                PhoneNumberType.PREMIUM_RATE
                or PhoneNumberType.SHARED_COST
                or PhoneNumberType.TOLL_FREE
                or PhoneNumberType.UAN
                or PhoneNumberType.VOICEMAIL =>
                    "This is a service number (premium, shared cost, toll-free or voice mail), which takes no SMS.",
                _ => "",
            };
        return error.Length > 0
            ? null
            : new(
                Numbers.Format(number, PhoneNumberFormat.E164),
                Numbers.GetRegionCodeForNumber(number) is { Length: 2 } region ? region : null
            );
    }

    [GeneratedRegex(@"^\(?\+?[0-9\s().\-/\[\]]{3,40}$")]
    private static partial Regex Written();

    [GeneratedRegex("^(tel|sms|callto):(//)?", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    /// <summary>+33 (0)6…: the 0 is for those who dial within the country, and does not follow the country code.</summary>
    [GeneratedRegex(@"^(\(?(?:\+|00)[0-9\s().\-]{1,6}?)\s*[(\[]0[)\]]")]
    private static partial Regex WithTrunkPrefix();

    [GeneratedRegex(@"[0-9]\W*((ext(ension)?|x|poste|durchwahl|dw|int(erno)?|anexo|p)\.?|[#*]|,,)\W*[0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex Extension();
}
