using System.ComponentModel;
using Gateway.Features.Sites;

namespace Gateway.Features.Sms;

/// <summary>What a site may send: its own rules where it has some, else the installation's.</summary>
/// <param name="MaxPrice">Euros for one message; null is no ceiling.</param>
/// <param name="MoneyPerDay">Euros a day; null is no budget.</param>
internal sealed record SmsPolicy(
    string? Route,
    string? Countries,
    int PartsPerDay,
    int PartsPerMonth,
    int PerRecipientHour,
    decimal? MaxPrice,
    decimal? MoneyPerDay
);

/// <summary>A provider and the account the site has there.</summary>
/// <param name="ConnectionId">The connection that the account comes from; null for the installation's settings.</param>
internal sealed record SmsCarrier(ISmsProvider Provider, ISmsAccount Account, Guid? ConnectionId)
{
    /// <param name="sender">Null is the account's own.</param>
    public bool MaySendAs(string? sender) => sender is null || Account.Senders.Contains(sender, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A site's policy and the carriers of its route that have a complete account.</summary>
/// <param name="Quiet">When it sends nothing; null for never.</param>
[ImmutableObject(true)]
internal sealed record SiteSms(SmsPolicy Policy, IReadOnlyList<SmsCarrier> Carriers, QuietHours? Quiet)
{
    /// <returns>Those to ask for this number, in order.</returns>
    public IReadOnlyList<SmsCarrier> For(string number) =>
        [.. SmsRoute.For(Policy.Route ?? "", number).SelectMany(name => Carriers.Where(carrier => carrier.Provider.Name == name))];
}
