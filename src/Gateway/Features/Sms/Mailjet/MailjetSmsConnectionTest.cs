using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Mailjet;

/// <summary>Asks Mailjet for the messages of the last second to a number that is nobody's.</summary>
internal sealed class MailjetSmsConnectionTest(IMailjetSmsApi api, IOptions<MailjetSmsOptions> installation, TimeProvider clock)
    : IConnectionTest
{
    /// <summary>Ofcom keeps these numbers for films and books.</summary>
    private const string Nobody = "+447700900000";

    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var answer = await SmsAnswer.OfAsync(
            limited => api.ListAsync(((MailjetSmsOptions)settings).Token!, Nobody, now - 1, now, limited),
            installation.Value.TimeLimit,
            clock,
            ct
        );
        return SmsConnectionAnswer.ErrorOf(answer, "Mailjet", installation.Value.BaseUrl, MailjetSms.Settings, "Token");
    }
}
