using System.Net;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Sms;

/// <summary>
/// What a send call proves when the provider's own words say nothing: no provider recognises a call that is repeated, so whatever is not
/// listed here as
/// certainly not sent may have been.
/// </summary>
internal static class SendResultClassifier
{
    /// <param name="provider">The provider's name in sentences.</param>
    public static SmsOutcome Judge(SmsAnswer answer, string provider) =>
        answer switch
        {
            { Error: HttpRequestException { HttpRequestError: var error } } when IsBeforeSending(error) => SmsOutcome.NotSent.All(
                Concern.Server,
                "provider_unreachable",
                $"{provider} cannot be reached ({error})."
            ),
            { Status: HttpStatusCode.TooManyRequests } => SmsOutcome.NotSent.All(
                Concern.Server,
                "slow_down",
                $"{provider} asks us to go slower (429).",
                answer.RetryAfter
            ),
            { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: { } wait } => SmsOutcome.NotSent.All(
                Concern.Server,
                "provider_unavailable",
                $"{provider} asks us to come back later (503).",
                wait
            ),
            { Status: null, Error: OperationCanceledException } => new SmsOutcome.Unknown($"{provider} did not answer in time."),
            { Status: null } => new SmsOutcome.Unknown($"{provider}'s answer was lost, or could not be read ({Kind(answer.Error)})."),
            { IsSuccess: true } => new SmsOutcome.Unknown(
                $"{provider} answered {(int)answer.Status} with something that cannot be understood."
            ),
            _ => new SmsOutcome.Unknown($"{provider} answered {(int)answer.Status}."),
        };

    /// <summary>Enough for the log of an operator; messages of exceptions may hold anything.</summary>
    private static string? Kind(Exception? error) =>
        error switch
        {
            HttpRequestException { HttpRequestError: var kind } => kind.ToString(),
            HttpIOException { HttpRequestError: var kind } => kind.ToString(),
            _ => error?.GetType().Name,
        };

    /// <summary>The request cannot have left: there was no connection for it.</summary>
    private static bool IsBeforeSending(HttpRequestError error) =>
        error
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;
}
