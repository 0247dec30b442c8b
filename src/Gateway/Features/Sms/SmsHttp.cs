using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sms;

internal static class SmsHttp
{
    /// <inheritdoc cref="SingleCalls.SendsEachOnce"/>
    public static IHttpClientBuilder CallsOnce(this IHttpClientBuilder client, Func<IServiceProvider, TimeSpan> timeLimit) =>
        client.SendsEachOnce(timeLimit);
}
