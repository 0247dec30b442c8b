using System.Net.Http.Headers;
using System.Text;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>
/// POST /providers/mail/{secret} — what a provider says of our mails. The secret may also be the password of Basic authentication or a
/// Bearer token. What is authentic is stored and answered with 204, whatever it says: most providers repeat what they get another answer
/// to, and some never again send what they got a 4xx to.
/// </summary>
internal static class ReceiveMailEvents
{
    /// <summary>Providers send some hundred events at once.</summary>
    private const int BodyBytes = 4 * 1024 * 1024;

    private static readonly Refusal NoSource = new(
        RefusalKind.Missing,
        "not_found",
        "No source of events has this secret. Whoever runs the gateway makes one."
    );

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(MailEventSources.Path + "/{secret?}", HandleAsync)
            // The secret is what lets a call in; there is neither a cookie to borrow nor a caller to sign in.
            .AllowAnonymous()
            .DisableAntiforgery()
            .LimitAs("provider", limits => limits.ProviderPerMinute)
            .ExcludeFromDescription()
            .WithName(nameof(ReceiveMailEvents));

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string? secret,
        HttpContext http,
        MailEventSources sources,
        MailEventInbox inbox,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if ((secret ?? Credential(http.Request)) is not { } token)
        {
            // Amazon SNS names the password only when it was asked for it.
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"gateway\"";
            return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "The secret of the source is missing.");
        }

        if (await sources.FindAsync(token, ct) is not { } source)
        {
            return Problems.Of(NoSource);
        }

        if (!await RawBody.ReadAsync(http, BodyBytes))
        {
            return Problems.Of(new Refusal(RefusalKind.TooLarge, "too_large", "The body is too large. Send fewer events at once."));
        }

        var call = new MailEventCall(
            source,
            http.Request.Headers,
            http.Features.GetRequiredFeature<RawBody>().Bytes,
            sources.SigningKeyOf(source),
            clock.GetUtcNow()
        );
        if ((await sources.FormatOf(source.Provider).ReadAsync(call, ct)).IsRefused(out var why, out var events))
        {
            return Problems.Of(why);
        }

        await inbox.StoreAsync(source.Provider, events.ConvertAll(one => one.ToRow(source, call.Now)), ct);
        return TypedResults.NoContent();
    }

    private static string? Credential(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Parameter is not { } given)
        {
            return null;
        }

        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return given;
        }

        var bytes = new byte[given.Length];
        return
            header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(given, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password]
            ? password
            : null;
    }
}
