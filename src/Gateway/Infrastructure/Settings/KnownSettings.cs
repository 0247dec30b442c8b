using System.ComponentModel;
using System.Reflection;

namespace Gateway.Infrastructure.Settings;

/// <summary>
/// Every setting there is, read from the options classes (<see cref="SettingsSectionAttribute"/>): a class with a constant <c>Section</c>
/// is the section of that name, and its properties are the settings.
/// </summary>
internal sealed class KnownSettings
{
    private readonly Dictionary<string, Type> _types = new(StringComparer.OrdinalIgnoreCase);

    public KnownSettings()
    {
        foreach (var section in typeof(KnownSettings).Assembly.GetCustomAttributes<SettingsSectionAttribute>())
        {
            Add((string)section.Type.GetField("Section")!.GetRawConstantValue()!, section.Type);
        }

        _types["ConnectionStrings:" + Data.DataSetup.ConnectionName] = typeof(string);
    }

    /// <summary>With colons, as configuration has them: <c>Mail:Smtp:Port</c>.</summary>
    public IReadOnlyCollection<string> Names => _types.Keys;

    /// <summary>The first parts of their names: <c>Mail</c>.</summary>
    public IEnumerable<string> Sections => Names.Select(name => name.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);

    public bool Has(string name) => _types.ContainsKey(name);

    /// <returns>What the value must be, when it is not; else null.</returns>
    public string? Expected(string name, string value)
    {
        var type = _types[name];
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || TypeDescriptor.GetConverter(type) is not { } converter)
        {
            return null;
        }

        try
        {
            converter.ConvertFromInvariantString(value);
            return null;
        }
        catch (Exception unreadable)
            when (unreadable is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return Described(type);
        }
    }

    /// <returns>The setting whose name is the most like this one; null when none is like it.</returns>
    public string? Nearest(string name) => Likeness.Nearest(Names, name, Math.Max(2, name.Length / 4));

    private void Add(string section, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var inner = property.PropertyType;
            if (inner.IsClass && inner != typeof(string) && inner.Assembly == type.Assembly)
            {
                Add($"{section}:{property.Name}", inner);
            }
            else
            {
                _types[$"{section}:{property.Name}"] = inner;
            }
        }
    }

    private static string Described(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a length of time such as 00:00:30 (hours, minutes, seconds)"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : "a whole number";
}
