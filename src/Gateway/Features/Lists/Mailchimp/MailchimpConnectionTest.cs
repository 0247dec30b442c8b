using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>Asks Mailchimp whether the key is good.</summary>
internal sealed class MailchimpConnectionTest(IServiceProvider services, IOptions<MailchimpOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var account = (MailchimpOptions)settings;
        using var answer = await MailchimpSetup.Api(services, account).PingAsync(ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? MailchimpAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(MailchimpLists.Name, installation.Value.AddressOf(account), "Lists__Mailchimp__BaseUrl");
    }
}
