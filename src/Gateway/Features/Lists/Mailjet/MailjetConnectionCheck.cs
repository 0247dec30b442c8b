using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Asks Mailjet for something that every key may read.</summary>
internal sealed class MailjetConnectionCheck(IMailjetApi api, IOptions<MailjetOptions> options, TimeProvider clock) : IConnectionCheck
{
    public string Name => "Lists at " + MailjetLists.Name;

    public bool IsConfigured => options.Value.IsConfigured;

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        using var answer = await api.ReadPropertiesAsync(ct);
        return answer.IsSuccessful ? null : MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome.Why;
    }
}
