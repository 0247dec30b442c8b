namespace Gateway.Infrastructure.Settings;

/// <summary>
/// The file that the service manager gives to the server as its environment. A command reads it too, so that it works on the database of
/// the server and not on one of its own. What the environment says already counts more.
/// </summary>
internal static class EnvironmentFile
{
    /// <summary>Names another file; empty for none.</summary>
    public const string Variable = "GATEWAY_ENV_FILE";

    public static string Path => Environment.GetEnvironmentVariable(Variable) ?? "/etc/gateway/gateway.env";

    /// <summary>Puts into this process's environment what the file says and the environment does not.</summary>
    /// <returns>A sentence when it is there, cannot be read, and the environment does not do without it; else null.</returns>
    public static string? Load()
    {
        if (Path.Length == 0 || !File.Exists(Path))
        {
            return null;
        }

        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path);
        }
        catch (UnauthorizedAccessException)
        {
            // The service manager read it as root and handed it on.
            return Environment.GetEnvironmentVariable("Gateway__PublicUrl") is { Length: > 0 }
                ? null
                : $"The settings in {Path} may not be read by this user. Run the command as root or as the user of the server.";
        }

        foreach (var (name, value) in Parse(lines))
        {
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        return null;
    }

    /// <summary>
    /// Lines as systemd and Docker read them: <c>NAME=value</c>, with quotes around the value or not; # begins a comment.
    /// </summary>
    public static IEnumerable<(string Name, string Value)> Parse(IEnumerable<string> lines) =>
        from line in lines
        let text = line.Trim()
        where text.Length > 0 && text[0] is not ('#' or ';')
        let split = text.IndexOf('=', StringComparison.Ordinal)
        where split > 0
        select (text[..split].Trim(), Unquote(text[(split + 1)..].Trim()));

    private static string Unquote(string value) =>
        value is ['"' or '\'', .., var end] && value.Length > 1 && value[0] == end ? value[1..^1] : value;
}
