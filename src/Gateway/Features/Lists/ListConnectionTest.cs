using Gateway.Features.Connections;
using Gateway.Infrastructure.Commands;
using Refit;

namespace Gateway.Features.Lists;

/// <summary>Tries an account at a list provider by a question that every key may ask.</summary>
/// <param name="ask">Asks it with an account's credentials.</param>
/// <param name="judge">Says what an answer that is no success means.</param>
/// <param name="addressOf">Where the account is asked.</param>
internal sealed class ListConnectionTest<TAccount>(
    ConnectionProvider provider,
    Func<TAccount, CancellationToken, Task<IApiResponse>> ask,
    Func<ProviderAnswer, Verdict> judge,
    Func<TAccount, Uri?> addressOf,
    TimeProvider clock
) : IConnectionTest
    where TAccount : IConnectionSettings
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var account = (TAccount)settings;
        using var answer = await ask(account, ct);
        return answer.IsSuccessful ? null
            : ProviderAnswer.Of(answer, clock) is { Status: not null } given ? judge(given).Outcome.Why
            : IConnectionCheck.Unreachable(provider.Title, addressOf(account), provider.Section + "__BaseUrl");
    }
}
