using Gateway.Infrastructure.Data;

namespace Gateway.Infrastructure.Settings;

/// <summary>
/// Holds what is configured against the settings there are: values of the wrong type stop the start, names that do not exist are told.
/// Values are never repeated, since any of them may be a secret in the wrong place.
/// </summary>
/// <param name="Errors">Sentences that stop a start.</param>
/// <param name="Warnings">Sentences about settings that nobody reads.</param>
internal sealed record SettingsCheck(IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    public static SettingsCheck Of(IConfiguration configuration)
    {
        var known = new KnownSettings();
        var given = configuration
            .AsEnumerable()
            .Where(one => one.Value is { Length: > 0 })
            .ToDictionary(one => one.Key, one => one.Value!);
        var errors = new List<string>();
        foreach (var (name, value) in given.Where(one => known.Has(one.Key)))
        {
            if (known.Expected(name, value) is { } expected)
            {
                errors.Add($"{Shown(name)} must be {expected}.");
            }
        }

        errors.AddRange(
            given
                .Where(one => IsLogLevel(one.Key) && !Enum.TryParse<LogLevel>(one.Value, ignoreCase: true, out _))
                .Select(one => $"{Shown(one.Key)} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.")
        );
        if (ConnectionText.ErrorOf(configuration.GatewayConnection()) is { } unreadable)
        {
            errors.Add(unreadable);
        }

        errors.AddRange(ListenAddresses.Of(configuration).Errors);
        return new(
            errors,
            [
                .. EnvironmentFile.Read().Warnings,
                .. given.Keys.Where(name => !known.Has(name)).Select(name => Warning(known, name)).OfType<string>().Order(),
            ]
        );
    }

    /// <summary>In the environment a colon is two underscores.</summary>
    private static string Shown(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsLogLevel(string name) =>
        name.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)
        && name.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The environment is full of names that are not ours: only those in our sections, or very like them, are told.</summary>
    private static string? Warning(KnownSettings known, string name)
    {
        var section = name.Split(':')[0];
        var isOurs = known.Sections.Contains(section, StringComparer.OrdinalIgnoreCase);
        if (!isOurs && name.Replace('_', ':') is var meant && known.Has(meant))
        {
            return $"There is no setting {Shown(name)}, so it does nothing. Did you mean {Shown(known.Nearest(meant)!)}?";
        }

        if (!isOurs && !(name.Contains(':', StringComparison.Ordinal) && IsLike(known.Sections, section)))
        {
            return null;
        }

        // Others may have connection strings of their own in the same environment.
        if (section.Equals("ConnectionStrings", StringComparison.OrdinalIgnoreCase) && known.Nearest(name) is null)
        {
            return null;
        }

        return known.Nearest(name) is { } nearest
                ? $"There is no setting {Shown(name)}, so it does nothing. Did you mean {Shown(nearest)}?"
            : isOurs ? $"There is no setting {Shown(name)}, so it does nothing. appsettings.json shows every setting."
            : null;
    }

    private static bool IsLike(IEnumerable<string> sections, string section) =>
        section.Length > 2 && Likeness.Nearest(sections, section, section.Length > 4 ? 2 : 1) is not null;
}
