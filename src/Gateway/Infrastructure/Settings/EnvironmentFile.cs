namespace Gateway.Infrastructure.Settings;

/// <summary>
/// The file that the service manager gives to the server as its environment. A command reads it too, so that it works on the database of
/// the server and not on one of its own. What the environment says already counts more.
/// </summary>
/// <param name="Variables">What it says.</param>
/// <param name="Warnings">A sentence for each line that is not read as it was meant. Values are never repeated.</param>
/// <param name="Error">A sentence when it is there, cannot be read, and the environment does not do without it; else null.</param>
internal sealed record EnvironmentFile(
    IReadOnlyList<(string Name, string Value)> Variables,
    IReadOnlyList<string> Warnings,
    string? Error
)
{
    /// <summary>Names another file; empty for none.</summary>
    public const string Variable = "GATEWAY_ENV_FILE";

    private const string Export = "export ";

    public static string Path => Environment.GetEnvironmentVariable(Variable) ?? "/etc/gateway/gateway.env";

    private static bool IsNamed => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Puts into this process's environment what the file says and the environment does not.</summary>
    /// <returns>The sentence of <see cref="Error"/>.</returns>
    public static string? Load()
    {
        var file = Read();
        foreach (var (name, value) in file.Variables.Where(one => Environment.GetEnvironmentVariable(one.Name) is null))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return file.Error;
    }

    public static EnvironmentFile Read()
    {
        if (Path.Length == 0)
        {
            return Parse([]);
        }

        try
        {
            return Directory.Exists(Path)
                ? Unreadable($"{Path} is a folder. {Variable} must name the file of the settings.")
                : Parse(File.ReadAllLines(Path));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return IsNamed ? Unreadable($"{Variable} names {Path}, which does not exist.") : Parse([]);
        }
        catch (UnauthorizedAccessException)
        {
            // The service manager read it as root and handed it on.
            return !IsNamed && Environment.GetEnvironmentVariable("Gateway__PublicUrl") is { Length: > 0 }
                ? Parse([])
                : Unreadable(
                    $"The settings in {Path} may not be read by this user. Run the command as root or as the user of the server."
                );
        }
        catch (IOException unreadable)
        {
            return Unreadable($"The settings in {Path} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>
    /// Lines as systemd and Docker read them: <c>NAME=value</c>, with quotes around the value or not; # begins a comment. What a shell
    /// wants before the name may stand there.
    /// </summary>
    public static EnvironmentFile Parse(IReadOnlyList<string> lines)
    {
        var variables = new List<(string, string)>();
        var warnings = new List<string>();
        for (var at = 0; at < lines.Count; at++)
        {
            var line = $"Line {at + 1} of {Path}";
            var text = lines[at].Trim();
            if (text.Length == 0 || text[0] is '#' or ';')
            {
                continue;
            }

            if (text.StartsWith(Export, StringComparison.Ordinal))
            {
                warnings.Add($"{line} begins with export, which systemd and Docker do not take. Write NAME=value.");
                text = text[Export.Length..];
            }

            if (text.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value] || !IsName(name))
            {
                warnings.Add($"{line} is not of the form NAME=value, so it does nothing.");
                continue;
            }

            if (value is ['"' or '\'', ..] && (value.Length == 1 || value[^1] != value[0]))
            {
                warnings.Add($"{line} has a quote that is not closed, so {name} begins with it.");
            }

            variables.Add((name, Unquote(value)));
        }

        return new(variables, warnings, null);
    }

    private static EnvironmentFile Unreadable(string error) => new([], [], error);

    private static bool IsName(string name) => name.Length > 0 && !name.Any(char.IsWhiteSpace);

    private static string Unquote(string value) =>
        value is ['"' or '\'', .., var end] && value.Length > 1 && value[0] == end ? value[1..^1] : value;
}
