using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms.Receipts;

/// <summary>Other messages to the same recipient, which who looks for one at its provider must not take for it.</summary>
internal sealed class AmbiguousMatches(GatewayDb db, SiteStore sites)
{
    private static readonly TimeSpan About = TimeSpan.FromHours(1);

    /// <returns>The call, with what is known about the others.</returns>
    public async Task<SmsCall> BesideAsync(SmsCall call, CancellationToken ct)
    {
        var sms = call.Sms;
        DateTime from = sms.CalledAt!.Value - About,
            to = sms.CalledAt.Value + About;

        // Of every site, since several may share one account; by their ids, since the index begins with them.
        var siteIds = (await sites.ListAsync(null, ct)).ConvertAll(site => site.Id);
        var others = await db
            .Sms.Where(other => siteIds.Contains(other.SiteId) && other.Recipient == sms.Recipient)
            .Where(other => other.Id != sms.Id && other.Provider == sms.Provider && other.CalledAt >= from && other.CalledAt <= to)
            .Select(other => new { other.ProviderId, other.State })
            .ToListAsync(ct);
        return call with
        {
            Taken = others.Select(other => other.ProviderId).OfType<string>().ToHashSet(),
            IsAmbiguous = others.Exists(other => other is { ProviderId: null, State: SmsState.Unknown or SmsState.Sending }),
        };
    }
}
