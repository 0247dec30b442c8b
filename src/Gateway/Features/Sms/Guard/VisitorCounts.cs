using System.Globalization;
using System.Net.Sockets;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Guard;

/// <summary>
/// Counts the messages that visitors asked for, such as codes to sign in with, and of which nobody said that they were used. Who earns at
/// each message to a range of numbers ("SMS pumping") asks for many to one country, and for few countries' worth of visitors. The
/// thresholds are those of authgear's fraud protection, docs/specs/fraud-protection.md.
/// </summary>
internal sealed class VisitorCounts(GatewayDb db, SpendingRows rows, IOptions<SmsGuardOptions> options)
{
    private const int CountriesOfVisitor = 3;
    private const int LeastOfCountry = 20;
    private const int LeastOfCountryAnHour = 3;
    private const int LeastOfVisitor = 10;
    private const int LeastOfVisitorAnHour = 5;

    /// <summary>So many may be unused for each that was used.</summary>
    private const double PerVerified = 0.2;

    /// <summary>An hour may have a sixth of what a day may.</summary>
    private const int PartsOfDay = 6;

    /// <summary>Days that a country's best day is looked for in.</summary>
    private const int Days = 14;

    /// <summary>Stands for numbers of no country.</summary>
    private const string NoCountry = "ZZ";

    /// <returns>
    /// What stands for a visitor: a keyed hash of the address, of an IPv6 address of its /64. Null when it is no address.
    /// </returns>
    public static string? KeyOf(string? address, Suppressions hashes)
    {
        if (WrittenAddress.Read(address) is not { } ip)
        {
            return null;
        }

        var whole = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        var bytes = whole.GetAddressBytes();
        var counted = whole.AddressFamily == AddressFamily.InterNetworkV6 ? bytes[..8] : bytes;
        return Convert.ToHexStringLower(hashes.Hash("visitor " + Convert.ToHexString(counted)).AsSpan(0, 16));
    }

    /// <summary>What messages take of the thresholds; nothing where no visitor asked for them.</summary>
    public async Task<IReadOnlyList<SmsClaim>> ClaimsAsync(IReadOnlyList<NewSms> messages, CancellationToken ct)
    {
        var asked = messages.Where(one => one.Sms.Visitor is not null).ToList();
        if (asked.Count == 0 || options.Value.Visitors == SmsGuardOptions.Off)
        {
            return [];
        }

        var verified = await VerifiedAsync(asked, ct);
        return [.. asked.SelectMany(one => ClaimsOf(one.Sms, one.Country, verified))];
    }

    /// <summary>Somebody used what they were sent: it was no pumping. Inside the caller's transaction.</summary>
    public async Task UsedAsync(SmsMessage sms, DateTime now, CancellationToken ct)
    {
        var country = PhoneNumber.Parse(sms.Recipient, null, out _)?.Country;
        var periods = new VisitorPeriods(sms.CreatedAt, country ?? NoCountry, sms.Visitor!);
        string[] counted = [periods.CountryDay, periods.CountryHour, periods.VisitorCountry, periods.VisitorDay, periods.VisitorHour];
        foreach (var period in counted.Order(StringComparer.Ordinal))
        {
            await TakeBackAsync(sms.SiteId, period, ct);
        }

        if (await db.SmsSpending.AnyAsync(row => row.SiteId == sms.SiteId && row.Period == periods.VisitorCountry && row.Spent == 0, ct))
        {
            await TakeBackAsync(sms.SiteId, periods.VisitorCountries, ct);
        }

        var used = new VisitorPeriods(now, country ?? NoCountry, sms.Visitor!);
        SmsSpending[] added =
        [
            Row(sms.SiteId, used.UsedOfCountryDay, 1, now.Date.AddDays(Days + 1)),
            Row(sms.SiteId, used.UsedOfCountryHour, 1, now.AddHours(26)),
            Row(sms.SiteId, used.UsedOfVisitorHour, 1, now.AddHours(26)),
        ];
        await rows.AddAsync([.. added.OrderBy(row => row.Period, StringComparer.Ordinal)], ct);
    }

    private Task<int> TakeBackAsync(Guid siteId, string period, CancellationToken ct) =>
        db
            .SmsSpending.Where(row => row.SiteId == siteId && row.Period == period && row.Spent > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Spent, row => row.Spent - 1), ct);

    private IEnumerable<SmsClaim> ClaimsOf(SmsMessage sms, string? country, Dictionary<(Guid SiteId, string Period), int> verified)
    {
        var now = sms.CreatedAt;
        var periods = new VisitorPeriods(now, country ?? NoCountry, sms.Visitor!);
        int Used(IEnumerable<string> of) => of.Sum(period => verified.GetValueOrDefault((sms.SiteId, period)));

        var best = periods.UsedOfCountry(Days).Max(period => verified.GetValueOrDefault((sms.SiteId, period)));
        var countryDay = Most(LeastOfCountry, PerVerified * best, PerVerified * Used(periods.UsedOfCountryHours(24)));
        var countryHour = Most(LeastOfCountryAnHour, countryDay / PartsOfDay, PerVerified * Used(periods.UsedOfCountryHours(1)));
        var visitorDay = Most(LeastOfVisitor, PerVerified * Used(periods.UsedOfVisitorHours(24)), 0);
        var visitorHour = Most(LeastOfVisitorAnHour, visitorDay / PartsOfDay, 0);
        var (endOfDay, endOfHour) = (now.Date.AddDays(1), now.Date.AddHours(now.Hour + 1));

        yield return Claim(SmsLimit.UnusedOfCountry, periods.CountryDay, countryDay, endOfDay);
        yield return Claim(SmsLimit.UnusedOfCountry, periods.CountryHour, countryHour, endOfHour);
        yield return Claim(SmsLimit.UnusedOfVisitor, periods.VisitorDay, visitorDay, endOfDay);
        yield return Claim(SmsLimit.UnusedOfVisitor, periods.VisitorHour, visitorHour, endOfHour);
        yield return new(
            SmsLimit.CountriesOfVisitor,
            Row(sms.SiteId, periods.VisitorCountry, 1, endOfDay),
            WhenFirst: Claim(SmsLimit.CountriesOfVisitor, periods.VisitorCountries, CountriesOfVisitor, endOfDay)
        );

        SmsClaim Claim(SmsLimit limit, string period, double threshold, DateTime endsAt)
        {
            var most = (int)threshold;
            var row = Row(sms.SiteId, period, 1, endsAt);
            row.Max = options.Value.Visitors == SmsGuardOptions.Refuse ? most : int.MaxValue;
            return new(limit, row, most);
        }
    }

    private static double Most(double least, double one, double other) => Math.Max(least, Math.Max(one, other));

    private static SmsSpending Row(Guid siteId, string period, int amount, DateTime endsAt) =>
        new()
        {
            SiteId = siteId,
            Period = period,
            Spent = amount,
            Max = int.MaxValue,
            EndsAt = endsAt,
        };

    private async Task<Dictionary<(Guid SiteId, string Period), int>> VerifiedAsync(List<NewSms> asked, CancellationToken ct)
    {
        var sites = asked.Select(one => one.Sms.SiteId).Distinct().ToList();
        var periods = asked
            .Select(one => new VisitorPeriods(one.Sms.CreatedAt, one.Country ?? NoCountry, one.Sms.Visitor!))
            .SelectMany(of => of.UsedOfCountry(Days).Concat(of.UsedOfCountryHours(24)).Concat(of.UsedOfVisitorHours(24)))
            .Distinct()
            .ToList();
        return await db
            .SmsSpending.AsNoTracking()
            .Where(row => sites.Contains(row.SiteId) && periods.Contains(row.Period))
            .ToDictionaryAsync(row => (row.SiteId, row.Period), row => row.Spent, ct);
    }
}

/// <summary>The names of the rows of one message that a visitor asked for.</summary>
/// <param name="At">UTC.</param>
internal sealed record VisitorPeriods(DateTime At, string Country, string Visitor)
{
    public string CountryDay => $"unused {Country} {Day(At)}";

    public string CountryHour => $"unused {Country} {Hour(At)}";

    public string VisitorDay => $"unused @{Visitor} {Day(At)}";

    public string VisitorHour => $"unused @{Visitor} {Hour(At)}";

    /// <summary>Of the visitor to this country.</summary>
    public string VisitorCountry => $"unused @{Visitor} {Day(At)} {Country}";

    /// <summary>How many countries the visitor has unused messages to.</summary>
    public string VisitorCountries => $"unused @{Visitor} {Day(At)} countries";

    public string UsedOfCountryDay => $"used {Country} {Day(At)}";

    public string UsedOfCountryHour => $"used {Country} {Hour(At)}";

    public string UsedOfVisitorHour => $"used @{Visitor} {Hour(At)}";

    /// <summary>Of the country, day by day, today first.</summary>
    public IEnumerable<string> UsedOfCountry(int days) =>
        Enumerable.Range(0, days).Select(ago => $"used {Country} {Day(At.AddDays(-ago))}");

    /// <summary>Of the country, this hour and those before.</summary>
    public IEnumerable<string> UsedOfCountryHours(int before) =>
        Enumerable.Range(0, before + 1).Select(ago => $"used {Country} {Hour(At.AddHours(-ago))}");

    /// <summary>Of the visitor, this hour and those before.</summary>
    public IEnumerable<string> UsedOfVisitorHours(int before) =>
        Enumerable.Range(0, before + 1).Select(ago => $"used @{Visitor} {Hour(At.AddHours(-ago))}");

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Hour(DateTime time) => time.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture);
}
