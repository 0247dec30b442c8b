using Gateway.Features.Sites;

namespace Gateway.Features.Sms;

/// <summary>The numbers, names and messaging services that a site's SMS may come from.</summary>
internal sealed class SmsSenders(SmsSettingsCache settings) : ISenders
{
    public string Channel => Channels.Sms;

    public async Task<IReadOnlyList<SenderResponse>> OfAsync(Site site, CancellationToken ct) =>
        [
            .. from carrier in (await settings.OfAsync(site.Id, ct)).Carriers
            from sender in carrier.Account.Senders
            select new SenderResponse(sender, $"{sender} ({carrier.Provider.Name})", Channels.Sms, carrier.Provider.Name),
        ];
}
