using Gateway.Features.Sites;
using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Features.Sms.Receipts;

/// <summary>A call that Vonage made for a site, as its signature proves.</summary>
/// <param name="Body">JSON as it came.</param>
internal sealed record VonageCallback(Guid SiteId, byte[] Body);

/// <summary>
/// Lets in what Vonage signed for a site's account. Whatever is wrong, the answer is the same: it tells nobody which sites there are.
/// Vonage repeats for a day what is not answered by 200, so a webhook that it once failed to sign comes again.
/// </summary>
internal sealed class VonageCallbacks(SiteCache sites, SmsAccounts accounts, TimeProvider clock)
{
    private const int Limit = 64 * 1024;

    public async Task<Result<VonageCallback>> ReadAsync(HttpContext http, string site, CancellationToken ct)
    {
        if (!await RawBody.ReadAsync(http, Limit))
        {
            return new Refusal(RefusalKind.TooLarge, "too_large", "The body is too large.");
        }

        var body = http.Features.GetRequiredFeature<RawBody>().Bytes.ToArray();
        return
            http.Request.Headers.Authorization is [{ } authorization]
            && PublicId.Parse(PublicId.Site, site) is { } siteId
            && await sites.FindAsync(siteId, ct) is not null
            && await accounts.ForAsync(siteId, SmsRoute.Vonage, ct) is { Settings: VonageOptions account }
            && VonageSignature.IsValid(account, authorization, body, clock.GetUtcNow())
            ? new VonageCallback(siteId, body)
            : new Refusal(RefusalKind.Forbidden, "forbidden", "The signature does not fit this address and body.");
    }
}
