using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites;

/// <summary>Lets a site's plugin in: the site is in the path, and the body is signed with one of the site's secrets.</summary>
internal sealed class SignatureAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SiteCache sites
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Signature";
    private const int DefaultLimit = 256 * 1024;

    private ProblemHttpResult? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers;
        var id = headers[WebhookSignature.IdHeader].ToString();
        var signature = headers[WebhookSignature.SignatureHeader].ToString();
        if (
            id.Length is 0 or > 200
            || signature.Length is 0 or > 2000
            || !long.TryParse(
                headers[WebhookSignature.TimestampHeader],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var timestamp
            )
        )
        {
            return AuthenticateResult.NoResult();
        }

        // An unknown site gets the answer of a wrong signature: who asks learns nothing about which sites exist.
        var site = PublicId.Parse(PublicId.Site, (string?)Request.RouteValues["site"]) is { } siteId
            ? await sites.FindAsync(siteId, Context.RequestAborted)
            : null;
        if (site is null)
        {
            return Refuse(Refusal("The signature does not fit this site. Check the connection key."));
        }

        var limit = Context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? DefaultLimit;
        if (!await RawBody.ReadAsync(Context, limit))
        {
            return Refuse(
                Problems.Of(StatusCodes.Status413PayloadTooLarge, "too_large", $"The body may have at most {limit / 1024} KiB.")
            );
        }

        bool IsSignedFor(KnownSite one) =>
            WebhookSignature.Verify(one.SigningKeys, id, timestamp, Context.Features.Get<RawBody>()!.Bytes.Span, signature);

        if (
            !IsSignedFor(site)
            && (await sites.FindNewerAsync(site, Context.RequestAborted) is not { } newer || !IsSignedFor(site = newer))
        )
        {
            return Refuse(Refusal("The signature does not fit this site. Check the connection key."));
        }

        var now = TimeProvider.GetUtcNow();
        if (Math.Abs(now.ToUnixTimeSeconds() - timestamp) > WebhookSignature.Tolerance.TotalSeconds)
        {
            return Refuse(ClockSkew(now));
        }

        var publicId = PublicId.Format(PublicId.Site, site.Site.Id);
        var identity = new ClaimsIdentity([new(CallerClaims.Site, publicId), new(CallerClaims.Caller, publicId)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // RFC 9110 wants a challenge at every 401. A signature of Standard Webhooks has no registered scheme.
        Response.Headers.WWWAuthenticate = "Signature realm=\"gateway\"";
        return (_refusal ?? Refusal("The request is not signed. Send webhook-id, webhook-timestamp and webhook-signature.")).ExecuteAsync(
            Context
        );
    }

    private AuthenticateResult Refuse(ProblemHttpResult refusal)
    {
        _refusal = refusal;
        return AuthenticateResult.Fail(refusal.ProblemDetails.Detail!);
    }

    private static ProblemHttpResult Refusal(string detail) =>
        Problems.Of(StatusCodes.Status401Unauthorized, "invalid_signature", detail);

    private static ProblemHttpResult ClockSkew(DateTimeOffset now)
    {
        var problem = Problems.Of(
            StatusCodes.Status401Unauthorized,
            "clock_skew",
            "The signature is older or newer than five minutes. Correct the clock by the time given in serverTime."
        );
        problem.ProblemDetails.Extensions["serverTime"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return problem;
    }
}
