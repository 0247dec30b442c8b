using Microsoft.Extensions.Options;

namespace Gateway.Features.Connections;

/// <summary>Checks that the settings of every provider need; an error is a sentence, null is none.</summary>
internal static class ProviderSettings
{
    public static string? UrlError(string setting, Uri? url, IHostEnvironment environment) =>
        url switch
        {
            { IsAbsoluteUri: true, UserInfo.Length: > 0 } =>
                $"{setting} must not hold a user or a password; credentials have settings of their own.",
            { IsAbsoluteUri: true, Scheme: "https" } => null,
            { IsAbsoluteUri: true, Scheme: "http" } when url.IsLoopback || environment.IsDevelopment() => null,
            { IsAbsoluteUri: true, Scheme: "http" } =>
                $"{setting} must begin with https:// because credentials and addresses travel there.",
            _ => $"{setting} must be an absolute address such as https://api.example.org.",
        };

    /// <param name="most">What fits into the lease of the work.</param>
    public static string? TimeError(string setting, TimeSpan given, TimeSpan most) =>
        given >= TimeSpan.FromSeconds(1) && given <= most ? null : $"{setting} must be between 00:00:01 and {most:c}.";

    public static ValidateOptionsResult Result(IEnumerable<string?> errors) =>
        errors.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
}
