using System.Net;

namespace Gateway.Features.Sms;

/// <summary>
/// What a send call proves when the provider's own words say nothing: no provider recognises a call that is repeated, so whatever is not listed here as
/// certainly not sent may have been.
/// </summary>
internal static class NeverTwice
{
    /// <param name="provider">The provider's name in sentences.</param>
    public static SmsOutcome Judge(SmsAnswer answer, string provider) => answer switch
    {
        { Fault: HttpRequestException { HttpRequestError: var error } } when IsBeforeSending(error) =>
            new SmsOutcome.NotSent($"{provider} cannot be reached ({error})."),
        { Status: HttpStatusCode.TooManyRequests } =>
            new SmsOutcome.NotSent($"{provider} asks us to go slower (429).", answer.RetryAfter),
        { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: { } wait } =>
            new SmsOutcome.NotSent($"{provider} asks us to come back later (503).", wait),
        { Status: null, Fault: OperationCanceledException } =>
            new SmsOutcome.Unknown($"{provider} did not answer in time."),
        { Status: null } =>
            new SmsOutcome.Unknown($"The connection to {provider} was lost before its answer was complete."),
        { IsSuccess: true } =>
            new SmsOutcome.Unknown($"{provider} answered {(int)answer.Status} with something that cannot be understood."),
        _ =>
            new SmsOutcome.Unknown($"{provider} answered {(int)answer.Status}."),
    };

    /// <summary>The request cannot have left: there was no connection for it.</summary>
    private static bool IsBeforeSending(HttpRequestError error) => error
        is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;
}
