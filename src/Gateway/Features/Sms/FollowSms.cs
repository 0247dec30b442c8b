using Gateway.Features.Sms.Receipts;

namespace Gateway.Features.Sms;

/// <summary>Finds out what became of messages: those whose send call ended without an answer, and those the provider took.</summary>
internal sealed class FollowSms(AmbiguousMatches matches, SmsWrites writes, ApplyReport reports, TimeProvider clock)
{
    /// <summary>
    /// An answer that was lost is often followed by a callback, or by the message in the provider's list, within seconds.
    /// </summary>
    public static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(10);

    /// <summary>After the last look an operator decides: not seen is no proof that it never went out.</summary>
    private static readonly TimeSpan[] Looks =
    [
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(12),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Looks for a message of unknown outcome among those the provider has.</summary>
    public async Task LookForAsync(SmsMessage row, SiteSms site)
    {
        if (
            CarrierOf(row, site) is { } carrier
            && await carrier.Provider.FindAsync(
                await matches.BesideAsync(CallOf(row, carrier), CancellationToken.None),
                CancellationToken.None
            )
                is LookupResult.Found seen
            && await ApplyAsync(row, seen.Report)
        )
        {
            return;
        }

        row.DueAt = row.Failures < Looks.Length ? clock.GetUtcNow().UtcDateTime + Looks[row.Failures] : null;
        row.Failures++;
        await writes.PostponeAsync(row);
    }

    /// <summary>Asks about a message the provider took: callbacks can be lost, and not every provider calls back.</summary>
    public async Task AskAboutAsync(SmsMessage row, SiteSms site)
    {
        var carrier = CarrierOf(row, site);
        var report = carrier is null ? null : await carrier.Provider.AskAsync(CallOf(row, carrier), CancellationToken.None);
        if (report is not null && report.State != SmsState.Sent && await ApplyAsync(row, report))
        {
            return;
        }

        row.Failures++;
        row.DueAt = clock.GetUtcNow().UtcDateTime + carrier?.Provider.AskAgainAfter(row.Failures);
        await writes.PostponeAsync(row);
    }

    /// <summary>Asks once what a message cost that has come to its end.</summary>
    public async Task AskForPriceAsync(SmsMessage row, SiteSms site)
    {
        var report = CarrierOf(row, site) is { } carrier
            ? await carrier.Provider.AskAsync(CallOf(row, carrier), CancellationToken.None)
            : null;
        (row.Price, row.Currency, row.DueAt) = (report?.Price, report?.Currency, null);
        await writes.NotePriceAsync(row);
    }

    /// <returns>Whether it brought the message further; else one looks again later.</returns>
    private Task<bool> ApplyAsync(SmsMessage row, SmsReport report) =>
        reports.ApplyAsync(row.SiteId, row.Id, row.Tries, row.Provider!, report, CancellationToken.None);

    /// <summary>The one that was called last, even when the route names others by now.</summary>
    private static SmsCarrier? CarrierOf(SmsMessage row, SiteSms site) =>
        site.Carriers.FirstOrDefault(carrier => carrier.Provider.Name == row.Provider);

    private static SmsCall CallOf(SmsMessage row, SmsCarrier carrier) => new(row, carrier.Account, new Uri("about:blank"));
}
