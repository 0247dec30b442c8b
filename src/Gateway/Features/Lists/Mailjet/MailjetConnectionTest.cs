using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Asks Mailjet for something that every key may read.</summary>
internal sealed class MailjetConnectionTest(IServiceProvider services, IOptions<MailjetOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        using var answer = await MailjetSetup.Api(services, (MailjetOptions)settings).ReadPropertiesAsync(ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? MailjetAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(MailjetLists.Name, installation.Value.BaseUrl, "Lists__Mailjet__BaseUrl");
    }
}
