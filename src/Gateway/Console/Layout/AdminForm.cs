using Gateway.Features.OptIn.Pages;
using Gateway.Features.Sites;

namespace Gateway.Console.Layout;

/// <summary>
/// What a form of these pages sent. <see cref="CsrfProtection"/> has refused it before a handler runs if it could not be read or did not
/// come from our page.
/// </summary>
/// <param name="Fields">Null when the body is too large or no form.</param>
internal sealed record AdminForm(IFormCollection? Fields)
{
    /// <summary>Bytes, where an endpoint's <see cref="BodyLimit"/> does not say another number.</summary>
    private const int Limit = 64 * 1024;

    /// <returns>Null when the field is missing or holds nothing but spaces.</returns>
    public string? this[string field] => ((string?)Fields?[field])?.Trim() is { Length: > 0 } value ? value : null;

    /// <returns>The field as it was typed, with the line ends of a file; empty when it is missing.</returns>
    public string Raw(string field) => (Fields?[field].FirstOrDefault() ?? "").ReplaceLineEndings("\n");

    public static async ValueTask<AdminForm?> BindAsync(HttpContext http) => await OfAsync(http);

    /// <summary>Reads the form once, for the guard and the handler both.</summary>
    public static async Task<AdminForm> OfAsync(HttpContext http)
    {
        if (http.Features.Get<AdminForm>() is not { } form)
        {
            form = new((await PageForm.ReadAsync(http, http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? Limit)).Fields);
            http.Features.Set(form);
        }

        return form;
    }
}
