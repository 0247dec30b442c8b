using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Brevo;

/// <summary>Asks Brevo for something that every key may read.</summary>
internal sealed class BrevoConnectionTest(IServiceProvider services, IOptions<BrevoOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        using var answer = await BrevoSetup.Api(services, (BrevoOptions)settings).ReadAttributesAsync(ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? BrevoAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(BrevoLists.Name, installation.Value.BaseUrl, "Lists__Brevo__BaseUrl");
    }
}
