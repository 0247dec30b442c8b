using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

[assembly: Gateway.Infrastructure.Settings.SettingsSection(typeof(Gateway.Features.Lists.Listmonk.ListmonkOptions))]

namespace Gateway.Features.Lists.Listmonk;

/// <summary>A listmonk server: the installation's, section <c>Lists:Listmonk</c>, or a connection's.</summary>
internal sealed class ListmonkOptions : IConnectionSettings
{
    public const string Section = "Lists:Listmonk";

    /// <summary>Where the server's pages are: https, on the public internet, as a hook's (<c>Hooks__AllowPrivateTargets</c>).</summary>
    [ConnectionSetting(IsPlace = true)]
    public string? Url { get; set; }

    /// <summary>An API user: listmonk, Admin, Users.</summary>
    [ConnectionSetting]
    public string? User { get; set; }

    /// <summary>The user's token, which listmonk shows once.</summary>
    [ConnectionSetting(IsSecret = true)]
    public string? Token { get; set; }

    /// <summary>For one call, of the installation.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    public string Name => $"{User} at {(Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "")}";

    /// <summary>The address that all calls begin with; null when it is none.</summary>
    public Uri? Address => Uri.TryCreate(Url?.TrimEnd('/'), UriKind.Absolute, out var url) ? url : null;

    public IEnumerable<string> Errors()
    {
        if (Address is null or { Query.Length: > 0 })
        {
            yield return "Url is needed: where the pages of listmonk are, such as https://listmonk.example.org.";
        }

        if (!ApiKeyText.IsOne(User) || User!.Contains(':', StringComparison.Ordinal))
        {
            yield return "User is needed: an API user of listmonk, which is made there under Admin, Users.";
        }

        if (!ApiKeyText.IsOne(Token))
        {
            yield return "Token is needed: listmonk shows it when the API user is made.";
        }
    }

    public override string ToString() => $"listmonk lists at {Name}";

    /// <summary>A server is needed only where a list names it.</summary>
    internal sealed class Validator : IValidateOptions<ListmonkOptions>
    {
        public ValidateOptionsResult Validate(string? name, ListmonkOptions options) =>
            ProviderSettings.Result([
                .. options.Url is { Length: > 0 } || options.Token is { Length: > 0 }
                    ? options.Errors().Select(error => "Lists__Listmonk__" + error)
                    : [],
                ProviderSettings.TimeError("Lists__Listmonk__TimeLimit", options.TimeLimit, most: TimeSpan.FromSeconds(30)),
            ]);
    }
}
