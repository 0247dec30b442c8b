using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Brevo;

/// <summary>Asks Brevo whose account the key is of.</summary>
internal sealed class BrevoSmsConnectionTest(IBrevoSmsApi api, IOptions<BrevoSmsOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var answer = await SmsAnswer.OfAsync(
            limited => api.ReadAccountAsync(((BrevoSmsOptions)settings).ApiKey!, limited),
            installation.Value.TimeLimit,
            clock,
            ct
        );
        return SmsConnectionAnswer.ErrorOf(answer, "Brevo", installation.Value.BaseUrl, BrevoSms.Settings, "ApiKey");
    }
}
