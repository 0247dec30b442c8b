using System.Net;
using Microsoft.Extensions.Http.Resilience;

namespace Gateway.Features.Lists;

internal static class ProviderHttp
{
    /// <summary>A time limit for each call, and a second look where a read was lost. Only the worker may repeat a POST.</summary>
    public static void AddProviderResilience(this IHttpClientBuilder client, Func<IServiceProvider, TimeSpan> timeLimit)
    {
        client
            .AddStandardResilienceHandler()
            .Configure(
                (options, services) =>
                {
                    var limit = timeLimit(services);
                    options.AttemptTimeout.Timeout = limit;
                    options.TotalRequestTimeout.Timeout = 3 * limit;
                    // One circuit would be that of all accounts: what one account meets must hold up no other. Outages do it by account.
                    options.CircuitBreaker.ShouldHandle = _ => ValueTask.FromResult(false);
                    options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(Math.Max(30, 3 * limit.TotalSeconds));
                    options.Retry.MaxRetryAttempts = 1;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(500);

                    // 429 is for the worker, which can wait as long as the provider asks.
                    options.Retry.ShouldHandle = call =>
                        ValueTask.FromResult(
                            HttpClientResiliencePredicates.IsTransient(call.Outcome)
                                && call.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests
                        );
                    options.Retry.DisableForUnsafeHttpMethods();
                }
            );
        client.AddHttpMessageHandler(() => new WholeAnswers());
    }

    /// <summary>
    /// The limits end where an answer's headers do; read within them, a body that never ends is a call that took too long.
    /// </summary>
    private sealed class WholeAnswers : DelegatingHandler
    {
        private const int MaxBytes = 16 * 1024 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            return answer;
        }
    }
}
