using System.Net;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Sms;

/// <summary>What an answer to a harmless question says about the way to a provider and the account there.</summary>
internal static class SmsConnectionAnswer
{
    /// <param name="section">Of the provider's settings, <c>Sms__Twilio</c>.</param>
    /// <param name="settings">The settings that hold the credentials, as a sentence names them, without their section.</param>
    /// <returns>Null when it works.</returns>
    public static string? ErrorOf(SmsAnswer answer, string provider, Uri? address, string section, string settings) =>
        answer switch
        {
            { IsSuccess: true } => null,
            { Status: null } => IConnectionCheck.Unreachable(provider, address, section + "__BaseUrl"),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
                $"{provider} refuses the credentials ({(int)answer.Status}). Check {settings} of {section}, or of the connection.",
            _ => $"{provider} answered {(int)answer.Status}.",
        };
}
