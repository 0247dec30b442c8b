using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.MailerLite;

/// <summary>Asks MailerLite for the groups of the account.</summary>
internal sealed class MailerLiteConnectionTest(IServiceProvider services, IOptions<MailerLiteOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        using var answer = await MailerLiteSetup.Api(services, (MailerLiteOptions)settings).ReadGroupsAsync(ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? MailerLiteAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(MailerLiteLists.Name, installation.Value.BaseUrl, "Lists__MailerLite__BaseUrl");
    }
}
