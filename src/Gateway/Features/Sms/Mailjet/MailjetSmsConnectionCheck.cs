using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Mailjet;

/// <summary>Asks Mailjet for the messages of the last second to a number that is nobody's.</summary>
internal sealed class MailjetSmsConnectionCheck(IMailjetSmsApi api, IOptions<MailjetSmsOptions> options, TimeProvider clock)
    : IConnectionCheck
{
    /// <summary>Ofcom keeps these numbers for films and books.</summary>
    private const string Nobody = "+447700900000";

    public string Name => "SMS at Mailjet";

    public bool IsConfigured => !options.Value.Errors().Any();

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var answer = await SmsAnswer.OfAsync(
            limited => api.ListAsync(options.Value.Token!, Nobody, now - 1, now, limited),
            options.Value.TimeLimit,
            clock,
            ct
        );
        return SmsConnectionAnswer.ErrorOf(answer, "Mailjet", options.Value.BaseUrl, "Sms__Mailjet", "Sms__Mailjet__Token");
    }
}
