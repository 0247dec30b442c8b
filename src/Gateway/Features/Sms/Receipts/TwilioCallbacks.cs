using System.Text;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Twilio;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Twilio.Security;

namespace Gateway.Features.Sms.Receipts;

/// <summary>A call that Twilio made for a site, as its signature proves.</summary>
/// <param name="Body">The form as it came.</param>
internal sealed record TwilioCallback(Guid SiteId, IReadOnlyCollection<KeyValuePair<string, string>> Form, byte[] Body)
{
    /// <returns>Null when the field is missing, empty, or longer than Twilio ever writes it.</returns>
    public string? Field(string name, int longest = 64) =>
        Form.FirstOrDefault(field => field.Key == name).Value is { Length: > 0 } value && value.Length <= longest ? value : null;
}

/// <summary>
/// Lets in what Twilio signed for a site's account. Whatever is wrong, the answer is the same: it tells nobody which sites there are.
/// </summary>
internal sealed class TwilioCallbacks(SiteCache sites, SmsAccounts accounts, IOptions<GatewayOptions> gateway)
{
    private const int Limit = 64 * 1024;
    private const int MaxFields = 200;

    public async Task<Result<TwilioCallback>> ReadAsync(HttpContext http, string site, CancellationToken ct)
    {
        if (!await RawBody.ReadAsync(http, Limit))
        {
            return new Refusal(RefusalKind.TooLarge, "too_large", "The body is too large.");
        }

        var body = http.Features.GetRequiredFeature<RawBody>().Bytes.ToArray();
        return Form(http.Request, body) is not { } form ? Refusal.Invalid("", "The body must be a form.")
            : await SignedForAsync(http.Request, site, form, ct) is { } siteId ? new TwilioCallback(siteId, form, body)
            : new Refusal(RefusalKind.Forbidden, "forbidden", "The signature does not fit this address and form.");
    }

    /// <summary>
    /// Field by field, since the signature covers each as it is named; the framework's form would put those together that differ in case.
    /// </summary>
    private static List<KeyValuePair<string, string>>? Form(HttpRequest request, byte[] body)
    {
        if (
            request
                .GetTypedHeaders()
                .ContentType?.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
        )
        {
            return null;
        }

        var fields = new List<KeyValuePair<string, string>>();
        using var reader = new FormReader(Encoding.UTF8.GetString(body)) { KeyLengthLimit = Limit };
        while (reader.ReadNextPair() is { } field)
        {
            fields.Add(field);
        }

        return fields.Count <= MaxFields ? fields : null;
    }

    private async Task<Guid?> SignedForAsync(
        HttpRequest request,
        string site,
        List<KeyValuePair<string, string>> form,
        CancellationToken ct
    ) =>
        request.Headers[TwilioSignature.Header] is [{ } signature]
        && PublicId.Parse(PublicId.Site, site) is { } siteId
        && await sites.FindAsync(siteId, ct) is not null
        && await accounts.ForAsync(siteId, SmsRoute.Twilio, ct) is { Settings: TwilioOptions account }
        && TwilioSigner.Of(account, request.Headers[RequestValidator.SignatureSettingsHeader]) is { } signer
        && TwilioSignature.IsValid(signer, gateway.Value.PublicBase, request.GetEncodedPathAndQuery(), form, signature)
        && form.Contains(new("AccountSid", account.Name))
            ? siteId
            : null;
}
