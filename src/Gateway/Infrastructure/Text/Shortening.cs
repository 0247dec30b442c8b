namespace Gateway.Infrastructure.Text;

/// <summary>Cuts off what is too long, never inside a character: half of one cannot be stored.</summary>
internal static class Shortening
{
    /// <param name="most">Characters as the program counts them (UTF-16).</param>
    public static string To(string text, int most) =>
        text.Length <= most ? text
        : most > 0 && char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)]
        : text[..most];
}
