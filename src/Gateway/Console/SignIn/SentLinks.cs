namespace Gateway.Console.SignIn;

/// <summary>
/// Sends links to sign in beside the request that asked for one: a mail server may take half a minute. Whoever gets none, because the
/// process ended meanwhile, asks again.
/// </summary>
internal sealed partial class SentLinks(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<SentLinks> logger)
{
    public void Send(string? typed) => _ = Task.Run(() => SendAsync(typed), CancellationToken.None);

    private async Task SendAsync(string? typed)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AdminPeople>().SendLinkAsync(typed, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
        catch (Exception failed)
        {
            LogFailed(failed);
        }
    }

    [LoggerMessage(LogLevel.Error, "A link to sign in could not be made")]
    private partial void LogFailed(Exception exception);
}
