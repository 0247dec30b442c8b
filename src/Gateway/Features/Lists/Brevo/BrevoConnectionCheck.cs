using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Brevo;

/// <summary>Asks Brevo for something that every key may read.</summary>
internal sealed class BrevoConnectionCheck(IBrevoApi api, IOptions<BrevoOptions> options, TimeProvider clock) : IConnectionCheck
{
    public string Name => "Lists at " + BrevoLists.Name;

    public bool IsConfigured => options.Value.IsConfigured;

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        using var answer = await api.ReadAttributesAsync(ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? BrevoAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(BrevoLists.Name, options.Value.BaseUrl, "Lists__Brevo__BaseUrl");
    }
}
