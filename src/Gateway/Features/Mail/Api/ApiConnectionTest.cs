using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.Api;

/// <summary>Tries an account at a provider by a question that changes and costs nothing.</summary>
/// <param name="baseUrl">Where it is asked.</param>
/// <param name="ask">Asks it with an account's credentials.</param>
/// <param name="errorOf">What is wrong, as a sentence, when an answer came; null when the account can send.</param>
internal sealed class ApiConnectionTest<TAccount>(
    ApiAccount provider,
    Uri? baseUrl,
    Func<TAccount, CancellationToken, Task<HttpResponseMessage>> ask,
    Func<ApiAnswer, TAccount, string?> errorOf,
    TimeProvider clock
) : IConnectionTest
    where TAccount : IConnectionSettings
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var account = (TAccount)settings;
        var answer = await CallAnswer.OfAsync(limited => ask(account, limited), provider.TimeLimit, clock, ct);
        return answer.Status is null
            ? IConnectionCheck.Unreachable(provider.Title, baseUrl, provider.Settings + "__BaseUrl")
            : errorOf(new(answer, provider.Title, provider.Settings), account);
    }
}
