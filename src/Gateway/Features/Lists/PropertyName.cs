using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <summary>
/// What a property is called at a provider that takes fewer characters in a name than people do. Two properties never get one name, and one
/// property always gets the same.
/// </summary>
internal static class PropertyName
{
    /// <summary>More than any name needs, and less than providers refuse.</summary>
    public const int MaxLength = 50;

    private const int HashLetters = 8;
    private const string Nameless = "p";

    /// <summary>Letters that decomposition leaves whole.</summary>
    private static readonly Dictionary<char, string> Plain = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['Æ'] = "Ae",
        ['œ'] = "oe",
        ['Œ'] = "Oe",
        ['ø'] = "o",
        ['Ø'] = "O",
        ['ł'] = "l",
        ['Ł'] = "L",
        ['đ'] = "d",
        ['Đ'] = "D",
    };

    /// <param name="name">As the site calls it; its case makes no difference.</param>
    /// <param name="isAllowed">Whether the provider takes the character in a name.</param>
    /// <returns>The name itself where the provider takes it; else one that people recognise, with a hash of the name at its end.</returns>
    public static string For(string name, Func<char, bool> isAllowed)
    {
        var whole = Normal(name.Trim(), NormalizationForm.FormC);
        return whole.Length is > 0 and <= MaxLength && whole.All(isAllowed) ? whole : $"{Recognisable(whole, isAllowed)}_{Hash(whole)}";
    }

    private static string Recognisable(string name, Func<char, bool> isAllowed)
    {
        var plain = new StringBuilder();
        foreach (var letter in Normal(name, NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            if (Plain.TryGetValue(letter, out var letters))
            {
                plain.Append(letters);
            }
            else if (isAllowed(letter))
            {
                plain.Append(letter);
            }
            else if (plain.Length > 0 && plain[^1] != '_')
            {
                plain.Append('_');
            }
        }

        var most = MaxLength - HashLetters - 1;
        var text = plain.ToString(0, Math.Min(plain.Length, most)).Trim('_');
        return text.Length > 0 ? text : Nameless;
    }

    /// <summary>What is no valid Unicode stays as it is: its hash still names it.</summary>
    private static string Normal(string text, NormalizationForm form) =>
        UnicodeText.NoCharacter(text) >= 0 ? text : UnicodeText.Normal(text, form);

    private static string Hash(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToLowerInvariant())))[..HashLetters];
}
