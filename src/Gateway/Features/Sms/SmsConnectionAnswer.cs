using System.Net;

namespace Gateway.Features.Sms;

/// <summary>What an answer to a harmless question says about the way to a provider and the account there.</summary>
internal static class SmsConnectionAnswer
{
    /// <param name="settings">The settings that hold the credentials, as a sentence names them.</param>
    /// <returns>Null when it works.</returns>
    public static string? ErrorOf(SmsAnswer answer, string provider, string settings) =>
        answer switch
        {
            { IsSuccess: true } => null,
            { Status: null } => $"{provider} did not answer. Can this machine reach it?",
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
                $"{provider} refuses the credentials ({(int)answer.Status}). Check {settings}.",
            _ => $"{provider} answered {(int)answer.Status}.",
        };
}
