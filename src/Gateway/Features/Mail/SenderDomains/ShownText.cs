namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What stands in somebody's records, for a sentence: on one line, and not without end.</summary>
internal static class ShownText
{
    private const int Longest = 120;

    public static string Of(string text)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
