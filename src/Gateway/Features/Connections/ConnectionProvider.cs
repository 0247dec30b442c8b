using System.Reflection;
using System.Text.Json;

namespace Gateway.Features.Connections;

/// <summary>A provider's own options class, filled from the installation's settings or from a connection.</summary>
internal interface IConnectionSettings
{
    /// <summary>What tells the account from others at the provider; never a secret, nor enough of one to be useful.</summary>
    string Name { get; }

    /// <summary>What is missing or wrong, as sentences that begin with the name of the setting.</summary>
    IEnumerable<string> Errors();
}

/// <summary>Marks the properties that a connection may set; the others, such as the address of the API, are the operator's.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionSettingAttribute : Attribute
{
    /// <summary>Whether it is a credential: it is never shown again.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it says where the credentials are shown: whoever changes it gives them anew.</summary>
    public bool IsPlace { get; init; }
}

/// <param name="Name">As in JSON: <c>apiKey</c>.</param>
internal sealed record ConnectionSetting(string Name, bool IsSecret, bool IsPlace = false);

/// <summary>A provider that connections can be made to. A feature registers one for each that it knows.</summary>
/// <param name="Key">As in rows, commands and the API: <c>mailjet</c>.</param>
/// <param name="Title">As in sentences: <c>Mailjet</c>.</param>
/// <param name="Options">The <see cref="IConnectionSettings"/> class.</param>
/// <param name="Section">Where the installation's settings stand, as environment variables name it: <c>Lists__Mailjet</c>.</param>
/// <param name="Installation">The installation's own account; it may be empty.</param>
internal sealed record ConnectionProvider(
    ConnectionKind Kind,
    string Key,
    string Title,
    Type Options,
    string Section,
    Func<IServiceProvider, IConnectionSettings> Installation
)
{
    /// <summary>The key of its <see cref="IConnectionTest"/> among the services.</summary>
    public string TestKey => $"{Kind}/{Key}";

    /// <summary>What a connection may set, in the order of the class.</summary>
    public IReadOnlyList<ConnectionSetting> Settings { get; } =
    [
        .. from property in Options.GetProperties()
        let marked = property.GetCustomAttribute<ConnectionSettingAttribute>()
        where marked is not null
        select new ConnectionSetting(JsonNamingPolicy.CamelCase.ConvertName(property.Name), marked.IsSecret, marked.IsPlace),
    ];
}

/// <summary>Tries an account at a provider.</summary>
internal interface IConnectionTest
{
    /// <summary>Asks the provider for something that changes nothing and that costs nothing.</summary>
    /// <param name="settings">Without <see cref="IConnectionSettings.Errors"/>.</param>
    /// <returns>What is wrong, as a sentence; null when it works.</returns>
    Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct);
}

/// <summary>Somebody who remembers connections, and hears that one was made, changed or deleted in this process.</summary>
internal interface IConnectionListener
{
    /// <summary>Runs after the commit.</summary>
    void Changed(Connection connection);
}

/// <summary>Something that needs a connection, so that it cannot be deleted.</summary>
internal interface IConnectionUse
{
    /// <summary>Runs inside the transaction that would delete it.</summary>
    /// <returns>What uses it, as people know it: <c>the list "News" (lst_…)</c>.</returns>
    Task<IReadOnlyList<string>> OfAsync(Guid connectionId, CancellationToken ct);
}
