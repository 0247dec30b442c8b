namespace Gateway.Features.Templates;

/// <summary>The words that mail programs show beside the subject: the first of the body, hidden in the mail itself.</summary>
internal static class Preheader
{
    /// <param name="encoded">As HTML.</param>
    public static string Insert(string html, string encoded)
    {
        var body = encoded.Length == 0 ? -1 : html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        var begin = body < 0 ? -1 : html.IndexOf('>', body) + 1;
        return begin <= 0
            ? html
            : html.Insert(
                begin,
                $"\n<div style=\"display:none; max-height:0; max-width:0; overflow:hidden; opacity:0; mso-hide:all;\">{encoded}</div>"
            );
    }
}
