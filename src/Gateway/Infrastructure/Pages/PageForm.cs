using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Infrastructure.Pages;

/// <summary>
/// What a page's form sent, for every page: the only place that reads one. Whatever arrives, there is a form, so that a person gets a page
/// and never an error.
/// </summary>
/// <param name="Fields">Null when the body could not be read; see <paramref name="Status"/>.</param>
/// <param name="Status">
/// 200; 400 when it broke off or is malformed, 413 when it is too large, 415 when it is no form or its charset is not known.
/// </param>
internal sealed record PageForm(IFormCollection? Fields, int Status)
{
    /// <summary>Bytes of a whole body, where an endpoint's <see cref="BodyLimit"/> does not say another number.</summary>
    private const int Limit = 64 * 1024;

    /// <summary>Which of a page's buttons was pressed. Whoever posts to a link without having seen the page does not send it.</summary>
    public const string Button = "do";

    /// <summary>How what the form changes stood when it was shown.</summary>
    public const string Version = "version";

    public bool IsRead => Fields is not null;

    /// <summary>The names of all fields, each once.</summary>
    public IEnumerable<string> Names => Fields?.Keys ?? [];

    /// <returns>The field without spaces around it, the first where it came twice; null when it is missing or empty.</returns>
    public string? this[string field] => First(field).Trim() is { Length: > 0 } value ? value : null;

    /// <returns>The field as it was typed, with the line ends of a file; empty when it is missing.</returns>
    public string Raw(string field) => First(field).ReplaceLineEndings("\n");

    /// <returns>Each value of a field that may come several times, such as ticked boxes.</returns>
    public IEnumerable<string> All(string field) => Fields?[field].Select(Storable) ?? [];

    /// <returns>Null when no file was chosen.</returns>
    public IFormFile? File(string field) => Fields?.Files.GetFile(field) is { Length: > 0 } file ? file : null;

    public static async ValueTask<PageForm?> BindAsync(HttpContext http) => await OfAsync(http);

    /// <summary>Reads the form once, for guards and handlers both.</summary>
    public static async Task<PageForm> OfAsync(HttpContext http)
    {
        if (http.Features.Get<PageForm>() is not { } form)
        {
            form = await ReadAsync(http, http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? Limit);
            http.Features.Set(form);
        }

        return form;
    }

    private static async Task<PageForm> ReadAsync(HttpContext http, int limit)
    {
        try
        {
            if (!await RawBody.ReadAsync(http, limit))
            {
                return Unread(StatusCodes.Status413PayloadTooLarge);
            }

            if (http.Request.Body.Length == 0)
            {
                return new(FormCollection.Empty, StatusCodes.Status200OK);
            }

            return http.Request.HasFormContentType && RequestGuard.HasKnownCharset(http.Request.ContentType)
                ? new(await http.Request.ReadFormAsync(http.RequestAborted), StatusCodes.Status200OK)
                : Unread(StatusCodes.Status415UnsupportedMediaType);
        }
        catch (Exception error) when (error is InvalidDataException or (IOException and not TooManyRequestsException))
        {
            return Unread((error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest);
        }
        catch (Exception error) when (error is NotSupportedException or ArgumentException)
        {
            // A part of a multipart form may name a charset of its own, which the framework does not look at before it reads.
            return Unread(StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static PageForm Unread(int status) => new(null, status);

    private string First(string field) => Storable(Fields?[field].FirstOrDefault());

    /// <summary>No keyboard types NUL, and PostgreSQL cannot store it; what is no character at all is shown as such.</summary>
    private static string Storable(string? value) => UnicodeText.Mended(value ?? "").Replace("\0", "", StringComparison.Ordinal);
}
