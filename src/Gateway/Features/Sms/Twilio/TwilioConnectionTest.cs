using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Twilio.Rest.Api.V2010.Account;

namespace Gateway.Features.Sms.Twilio;

/// <summary>Asks Twilio for one message of the account, whichever it is.</summary>
internal sealed class TwilioConnectionTest(IHttpClientFactory network, IOptions<TwilioOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var one = new ReadMessageOptions { PageSize = 1, Limit = 1 };
        var answer = await TwilioCall.MakeAsync(
            network.CreateClient(TwilioSms.HttpName),
            (TwilioOptions)settings,
            client => MessageResource.ReadAsync(one, client),
            installation.Value.TimeLimit,
            clock,
            ct
        );
        return SmsConnectionAnswer.ErrorOf(
            answer,
            "Twilio",
            installation.Value.BaseUrl,
            TwilioSms.Settings,
            "AccountSid with AuthToken, or with ApiKey and ApiSecret"
        );
    }
}
