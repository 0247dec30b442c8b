using Gateway.Features.Sites;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// What a page's form sent. Whatever arrives, the person gets a page and not an error: an unreadable form shows the page again.
/// </summary>
/// <param name="Fields">Null when the body is too large or no form.</param>
internal sealed record PageForm(IFormCollection? Fields)
{
    private const int Limit = 8 * 1024;

    public static async ValueTask<PageForm?> BindAsync(HttpContext http) => await ReadAsync(http, Limit);

    /// <param name="limit">Of the whole body, in bytes.</param>
    public static async Task<PageForm> ReadAsync(HttpContext http, int limit)
    {
        if (!await RawBody.ReadAsync(http, limit))
        {
            return new(Fields: null);
        }

        if (http.Request.Body.Length == 0)
        {
            return new(FormCollection.Empty);
        }

        try
        {
            return new(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return new(Fields: null);
        }
    }
}
