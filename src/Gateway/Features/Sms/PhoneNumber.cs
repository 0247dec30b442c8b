using System.Text.RegularExpressions;
using PhoneNumbers;

namespace Gateway.Features.Sms;

/// <summary>A number that an SMS can be sent to.</summary>
/// <param name="Number">E.164.</param>
/// <param name="Country">ISO 3166 letters; null when the number belongs to no country.</param>
internal sealed partial record PhoneNumber(string Number, string? Country)
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <param name="typed">E.164, or as dialled within <paramref name="country"/>.</param>
    /// <param name="error">Why it is none, and what to do, as a sentence without the number.</param>
    public static PhoneNumber? Parse(string typed, string? country, out string error)
    {
        // The library would dial letters (1-800-FLOWERS) and accept an extension, which no SMS reaches.
        if (!Written().IsMatch(typed))
        {
            error =
                "A number has digits, with + and the country code in front: +33612345678. Spaces, dots, hyphens and brackets are fine; "
                + "letters and extensions are not.";
            return null;
        }

        if (country is not null && !Numbers.GetSupportedRegions().Contains(country.ToUpperInvariant()))
        {
            error = "country is two letters (ISO 3166), such as FR.";
            return null;
        }

        try
        {
            return Check(Numbers.Parse(typed, country?.ToUpperInvariant()), out error);
        }
        catch (NumberParseException)
        {
            error =
                country is null && !typed.TrimStart().StartsWith('+')
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

    [GeneratedRegex(@"^\s*\+?[\d\s().\-/\u00a0\u2010\u2011\u202f]{3,40}\s*$")]
    private static partial Regex Written();
}
