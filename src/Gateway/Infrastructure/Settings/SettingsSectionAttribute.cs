namespace Gateway.Infrastructure.Settings;

/// <summary>
/// Stands beside a class whose properties are settings: it says so without anybody looking at every type there is, which took longer than
/// all else that a command does.
/// </summary>
/// <param name="type">With a constant <c>Section</c>, the name of the section.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class SettingsSectionAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
