using System.Text.Json;
using Gateway.Infrastructure.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Hosting;

/// <summary>A database beside the process that serves it: its rows, and the commands of its operator, which run in this process.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly Lazy<Task<IServiceProvider>> _commands;
    private readonly Func<string?, Task<IServiceProvider>> _unprepared;
    private readonly Lazy<ServiceProvider> _rows;

    /// <param name="settings">As environment variables have them; the environment is Development unless they say otherwise.</param>
    public Installation(IReadOnlyDictionary<string, string> settings)
    {
        // A setting on the command line counts more than one in the environment. Nobody edits the settings file while a test runs.
        string[] arguments =
        [
            .. settings.Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            "--hostBuilder:reloadConfigOnChange=false",
        ];
        var options = new WebApplicationOptions
        {
            Args = arguments,
            EnvironmentName = settings.GetValueOrDefault("ASPNETCORE_ENVIRONMENT", "Development"),
            ApplicationName = typeof(Program).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        };
        _commands = new(() => GatewayHost.CommandServicesAsync(options, mayMakeDatabase: true, replace: Economy.ShareModel));
        _unprepared = another =>
            GatewayHost.CommandServicesAsync(
                new()
                {
                    Args = [.. arguments, .. another is null ? Array.Empty<string>() : [$"--ConnectionStrings:Gateway={another}"]],
                    EnvironmentName = options.EnvironmentName,
                    ApplicationName = options.ApplicationName,
                    ContentRootPath = options.ContentRootPath,
                },
                mayMakeDatabase: true,
                prepare: false,
                Economy.ShareModel
            );
        _rows = new(() =>
        {
            var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddGatewayData(new ConfigurationBuilder().AddCommandLine(arguments).Build());
            Economy.ShareModel(services);
            return services.BuildServiceProvider();
        });
    }

    public Task<CommandResult> TryAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => _commands.Value, _unprepared, "", arguments);

    /// <returns>The JSON that the command printed.</returns>
    public async Task<JsonElement> RunAsync(params string[] arguments) => (await TryAsync([.. arguments, "--json"])).Json;

    /// <summary>Looks at the rows without bringing the schema up to date.</summary>
    public async Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work)
    {
        await using var scope = _rows.Value.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDb>());
    }

    /// <summary>
    /// Changes rows that somebody else may be changing, such as the last statements of a process that was just killed, which the server
    /// still carries out: it starts again where the two would wait for each other.
    /// </summary>
    public Task ChangeRowsAsync(Func<GatewayDb, Task> work) =>
        InDatabaseAsync(async db =>
        {
            await db.WriteAsync(() => work(db), CancellationToken.None);
            return true;
        });

    /// <summary>Works with the program's own classes on a database that no worker looks at.</summary>
    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = (await _commands.Value).CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>The same without a look at the database before.</summary>
    public async Task<T> InUnpreparedScopeAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = (await _unprepared(null)).CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        if (_commands.IsValueCreated && _commands.Value.IsCompletedSuccessfully)
        {
            await ((IAsyncDisposable)await _commands.Value).DisposeAsync();
        }

        if (_rows.IsValueCreated)
        {
            await _rows.Value.DisposeAsync();
        }
    }
}
