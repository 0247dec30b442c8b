using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;
using Twilio.Rest.Api.V2010.Account;

namespace Gateway.Features.Sms.Twilio;

/// <summary>Asks Twilio for one message of the installation's account, whichever it is.</summary>
internal sealed class TwilioConnectionCheck(IHttpClientFactory network, IOptions<TwilioOptions> options, TimeProvider clock)
    : IConnectionCheck
{
    public string Name => "SMS at Twilio";

    public bool IsConfigured => !options.Value.Errors().Any();

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        var one = new ReadMessageOptions { PageSize = 1, Limit = 1 };
        var answer = await TwilioCall.MakeAsync(
            network.CreateClient(TwilioSms.HttpName),
            options.Value,
            client => MessageResource.ReadAsync(one, client),
            options.Value.TimeLimit,
            clock,
            ct
        );
        return SmsConnectionAnswer.ErrorOf(
            answer,
            "Twilio",
            options.Value.BaseUrl,
            "Sms__Twilio",
            "Sms__Twilio__AccountSid with Sms__Twilio__AuthToken, or with Sms__Twilio__ApiKey and Sms__Twilio__ApiSecret"
        );
    }
}
