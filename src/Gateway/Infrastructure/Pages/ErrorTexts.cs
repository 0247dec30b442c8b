using System.Globalization;
using System.Resources;

namespace Gateway.Infrastructure.Pages;

/// <summary>The words of <see cref="ErrorPage"/> in one language.</summary>
internal sealed class ErrorTexts(string language)
{
    private static readonly ResourceManager Resources = new(typeof(ErrorTexts));
    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    public string Language => language;

    public string Title(int status) => Of(KindOf(status) + "_Title");

    /// <param name="seconds">How long to wait, where waiting helps.</param>
    public string Text(int status, int seconds) => string.Format(_culture, Of(KindOf(status) + "_Text"), seconds);

    private string Of(string key) =>
        Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"Error pages have no text named {key}.");

    private static string KindOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "Forbidden",
            StatusCodes.Status404NotFound => "NotFound",
            StatusCodes.Status405MethodNotAllowed => "Method",
            StatusCodes.Status413PayloadTooLarge => "TooLarge",
            StatusCodes.Status429TooManyRequests => "Limited",
            StatusCodes.Status503ServiceUnavailable => "Unavailable",
            >= 400 and < 500 => "Invalid",
            _ => "Internal",
        };
}
