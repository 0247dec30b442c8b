namespace Gateway.Features.Sms.Guard;

/// <summary>The data beside this code: a line each, after # a comment that names where it comes from.</summary>
internal static class GuardFile
{
    /// <returns>The lines that say something.</returns>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(GuardFile).Assembly.GetManifestResourceStream("sms-guard/" + name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } text && text[0] != '#')
            {
                yield return text;
            }
        }
    }
}
