using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Refuses what no endpoint could make anything of, before any of them meets it: a host that is none, signs that nobody can see in the
/// address, a charset that nobody knows.
/// </summary>
internal static class RequestGuard
{
    /// <summary>Nearly every request names the same one, so that is not taken apart again.</summary>
    private static string? _lastHost;

    public static void UseRequestGuard(this IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                if (Error(http) is not { } problem)
                {
                    await next(http);
                    return;
                }

                http.Response.StatusCode = problem.StatusCode;
                await http
                    .RequestServices.GetRequiredService<IProblemDetailsService>()
                    .WriteAsync(new() { HttpContext = http, ProblemDetails = problem.ProblemDetails });
            }
        );

    private static ProblemHttpResult? Error(HttpContext http)
    {
        var request = http.Request;
        if (!IsHost(request))
        {
            // What writes the answer needs one.
            request.Host = new("localhost");
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                "invalid_host",
                "The header Host does not name a host. Send the name that stands in the gateway's address."
            );
        }

        if (HoldsUnseen(request.Path.Value, orFormat: true))
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                "invalid_request",
                "The address holds a character that nobody can see. Type it anew, or copy it again."
            );
        }

        foreach (var (name, values) in request.Query)
        {
            if (HoldsUnseen(name, orFormat: true) || values.Any(value => HoldsUnseen(value, orFormat: false)))
            {
                return Problems.Invalid(
                    HoldsUnseen(name, orFormat: true) ? "" : name,
                    "A control character, such as NUL or a line break, cannot stand in the address."
                );
            }
        }

        // A page reads its form by itself and answers with the page (PageForm).
        return Audience.IsPerson(request) || HasKnownCharset(request.ContentType)
            ? null
            : Problems.Of(
                StatusCodes.Status415UnsupportedMediaType,
                Problems.CodeOf(StatusCodes.Status415UnsupportedMediaType),
                "The charset of the header Content-Type is not known here. Send the body in UTF-8."
            );
    }

    /// <summary>HTTP/1.0 knows no Host, and probes of load balancers still speak it.</summary>
    private static bool IsHost(HttpRequest request)
    {
        HostString host;
        try
        {
            host = request.Host;
        }
        catch (ArgumentException)
        {
            // Punycode that stands for no name: the framework throws where it is read.
            return false;
        }

        if (!host.HasValue)
        {
            if (!HttpProtocol.IsHttp10(request.Protocol))
            {
                return false;
            }

            request.Host = new("localhost");
            return true;
        }

        if (host.Value == _lastHost)
        {
            return true;
        }

        var isHost =
            Uri.TryCreate($"{Uri.UriSchemeHttps}://{host.Value}/", UriKind.Absolute, out var uri)
            && uri is { PathAndQuery: "/", UserInfo.Length: 0, Host.Length: > 0 };
        _lastHost = isHost ? host.Value : _lastHost;
        return isHost;
    }

    /// <param name="orFormat">
    /// Whether signs that turn or join the text around them count too. In a query they may stand: what is pasted brings them, and who reads
    /// the field takes them out.
    /// </param>
    private static bool HoldsUnseen(string? text, bool orFormat)
    {
        if (string.IsNullOrEmpty(text) || !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                || (orFormat && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format)
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the runtime can read it; UTF-7 it refuses, since it hides what it says.</summary>
    public static bool HasKnownCharset(string? contentType)
    {
        if (contentType?.Contains("charset", StringComparison.OrdinalIgnoreCase) != true)
        {
            return true;
        }

        try
        {
            return !MediaTypeHeaderValue.TryParse(contentType, out var type)
                || !type.Charset.HasValue
                || Encoding.GetEncoding(type.Charset.Value.Trim('"')) is not null;
        }
        catch (Exception error) when (error is NotSupportedException or ArgumentException)
        {
            return false;
        }
    }
}
