using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Http;

/// <summary>GET /.well-known/security.txt — whom to tell of a hole (RFC 9116), where the installation names somebody.</summary>
internal static class SecurityTxt
{
    private const string Path = "/.well-known/security.txt";

    /// <summary>
    /// The standard asks for a date, less than a year ahead, after which nobody should rely on it. It is made anew at each request.
    /// </summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(180);

    public static void MapSecurityTxt(this IEndpointRouteBuilder app) =>
        app.MapGet(
                Path,
                (IOptions<GatewayOptions> options, TimeProvider clock) =>
                    Contacts(options.Value).ToList() is { Count: > 0 } contacts
                        ? Results.Text(Of(contacts.Select(contact => contact.Uri!), options.Value, clock), "text/plain", Encoding.UTF8)
                        : Results.NotFound()
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    /// <returns>Each as it was given and as an address; null where it is none.</returns>
    public static IEnumerable<(string Given, string? Uri)> Contacts(GatewayOptions options) =>
        (options.SecurityContact ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(given => (given, UriOf(given)));

    private static string? UriOf(string given)
    {
        var isMail = given.Contains('@', StringComparison.Ordinal) && !given.Contains(':', StringComparison.Ordinal);
        var text = isMail ? "mailto:" + given : given;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("https" or "mailto") ? uri.AbsoluteUri : null;
    }

    private static string Of(IEnumerable<string> contacts, GatewayOptions options, TimeProvider clock) =>
        string.Concat(contacts.Select(contact => $"Contact: {contact}\n"))
        + $"Expires: {(clock.GetUtcNow() + Validity).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\n"
        + $"Canonical: {options.PublicBase}{Path}\n";
}
