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
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? MailjetAnswers.Judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(MailjetLists.Name, options.Value.BaseUrl, "Lists__Mailjet__BaseUrl");
    }
}
