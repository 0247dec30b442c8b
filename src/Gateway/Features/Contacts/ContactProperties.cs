using System.Text;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Contacts;

/// <summary>What properties a person may have, whichever way they come in.</summary>
internal static class ContactProperties
{
    public const int Most = 50;
    public const int MaxValue = 1000;
    public const string NameRule = "The name of a property has 1 to 60 characters and no control characters.";

    private const int MaxName = 60;

    /// <summary>Two names that differ in capitals alone are one.</summary>
    public static readonly StringComparer Names = StringComparer.OrdinalIgnoreCase;

    /// <returns>The name without space around it, and with one of the ways to write its letters (NFC); null when it is none.</returns>
    public static string? NameOf(string typed)
    {
        if (typed.Any(char.IsControl) || UnicodeText.NoCharacter(typed) >= 0)
        {
            return null;
        }

        var name = UnicodeText.Normal(typed.Trim(), NormalizationForm.FormC);
        return name.Length is > 0 and <= MaxName ? name : null;
    }

    /// <summary>For those who can be asked nothing any more: what does not fit is left out, and of two alike the first is kept.</summary>
    /// <param name="leftOut">Those that were left out, each with the reason.</param>
    public static Dictionary<string, string?> Fitting(IEnumerable<(string Name, string Value)> given, out List<string> leftOut)
    {
        var fitting = new Dictionary<string, string?>(Names);
        leftOut = [];
        foreach (var (typed, value) in given)
        {
            var name = NameOf(typed);
            var unfit =
                name is null ? "a name has at most 60 characters, and no control characters"
                : fitting.ContainsKey(name) ? "named twice: capitals and small letters make no difference"
                : value.Length > MaxValue ? $"a value has at most {MaxValue} characters"
                : fitting.Count == Most ? $"a contact has at most {Most} properties"
                : null;
            if (unfit is null)
            {
                fitting[name!] = value;
            }
            else
            {
                leftOut.Add($"\"{new string([.. typed.Select(letter => char.IsControl(letter) ? ' ' : letter)])}\" ({unfit})");
            }
        }

        return fitting;
    }
}
