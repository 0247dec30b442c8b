using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Features.Sites;

/// <summary>The form of a request to an endpoint of OAuth, as RFC 6749 writes it.</summary>
internal sealed class OAuthForm
{
    /// <summary>Far more than any client sends.</summary>
    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 50,
        KeyLengthLimit = 200,
        ValueLengthLimit = 8000,
    };

    private readonly IFormCollection _fields;

    private OAuthForm(IFormCollection fields, OAuthError? error = null) => (_fields, Error) = (fields, error);

    /// <summary>How the form breaks the RFC; null where it can be read.</summary>
    public OAuthError? Error { get; }

    public static async Task<OAuthForm> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        if (!HasFormType(http))
        {
            return Unread("The body must be a form of the type application/x-www-form-urlencoded.");
        }

        try
        {
            var fields = await new FormFeature(http, Limits).ReadFormAsync(ct);
            return fields.Any(field => field.Value.Count > 1) ? Unread("Each parameter may be there once.") : new(fields);
        }
        catch (InvalidDataException)
        {
            return Unread("The form has too many or too long fields.");
        }
    }

    /// <returns>Null where it is left out; one without a value counts as that (section 3.2).</returns>
    public string? Value(string name) => _fields[name].ToString() is { Length: > 0 } value ? value : null;

    private static bool HasFormType(HttpRequest http) =>
        MediaTypeHeaderValue.TryParse(http.ContentType, out var type)
        && string.Equals(type.MediaType, "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static OAuthForm Unread(string why) => new(FormCollection.Empty, OAuthError.InvalidRequest(why));
}
