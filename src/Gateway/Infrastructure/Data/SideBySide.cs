namespace Gateway.Infrastructure.Data;

/// <summary>
/// Asks all services of a kind at the same time, each in a scope of its own and so over a connection of its own: a page that tells of
/// every queue waits for the slowest of them and not for all in turn. For what only reads, outside of a transaction.
/// </summary>
internal sealed class SideBySide(IServiceScopeFactory scopes)
{
    /// <summary>Connections that one reader takes at most.</summary>
    private const int AtOnce = 4;

    /// <returns>The answers, in the order in which the services were registered.</returns>
    public async Task<TAnswer[]> AskAsync<TService, TAnswer>(Func<TService, CancellationToken, Task<TAnswer>> ask, CancellationToken ct)
        where TService : class
    {
        var answers = new TAnswer[await CountAsync<TService>()];
        await Parallel.ForAsync(
            0,
            answers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (number, token) =>
            {
                await using var scope = scopes.CreateAsyncScope();
                answers[number] = await ask(scope.ServiceProvider.GetServices<TService>().ElementAt(number), token);
            }
        );
        return answers;
    }

    private async Task<int> CountAsync<TService>()
        where TService : class
    {
        await using var scope = scopes.CreateAsyncScope();
        return scope.ServiceProvider.GetServices<TService>().Count();
    }
}
