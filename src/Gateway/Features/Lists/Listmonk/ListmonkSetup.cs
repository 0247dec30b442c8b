using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Listmonk;

internal static class ListmonkSetup
{
    public const string HttpName = "listmonk-lists";

    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        )
    );

    public static IServiceCollection AddListmonkLists(this IServiceCollection services)
    {
        services.AddOptions<ListmonkOptions>().BindConfiguration(ListmonkOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ListmonkOptions>, ListmonkOptions.Validator>();

        // Somebody typed the address: it is reached as hooks are.
        services
            .AddHttpClient(HttpName)
            .ConfigurePrimaryHttpMessageHandler(provider =>
                provider.GetRequiredService<GuardedConnections>().NewHandler(Hooks(provider).AllowPrivateTargets == true)
            )
            .AddProviderResilience(provider => Options(provider).TimeLimit);
        var provider = new ConnectionProvider(
            ConnectionKind.List,
            ListmonkLists.Key,
            ListmonkLists.Name,
            typeof(ListmonkOptions),
            ListmonkLists.Settings,
            Options
        );
        return services.AddListProvider(
            provider,
            (scope, settings) => Open(scope, (ListmonkOptions)settings),
            scope => new ListmonkConnectionTest(
                Hooks(scope),
                new ListConnectionTest<ListmonkOptions>(
                    provider,
                    async (account, ct) => await Api(scope, account).ReadListsAsync(page: 1, ct),
                    ListmonkAnswers.Judge,
                    account => account.Address,
                    scope.GetRequiredService<TimeProvider>()
                )
            )
        );
    }

    /// <returns>What is wrong with an address, as a sentence; null when it may be called.</returns>
    public static string? AddressError(ListmonkOptions account, HooksOptions hooks) =>
        HookUrl.Error(account.Url ?? "", hooks) is { } error ? char.ToUpperInvariant(error[0]) + error[1..] : null;

    /// <summary>listmonk's API with the credentials of one user.</summary>
    private static IListmonkApi Api(IServiceProvider services, ListmonkOptions account)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        http.BaseAddress = account.Address;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.User}:{account.Token}"))
        );
        return RestService.ForGenerated<IListmonkApi>(http, Wire);
    }

    private static ListmonkLists Open(IServiceProvider services, ListmonkOptions account) =>
        new(AddressError(account, Hooks(services)), Api(services, account), services.GetRequiredService<TimeProvider>());

    private static ListmonkOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<ListmonkOptions>>().Value;

    private static HooksOptions Hooks(IServiceProvider services) => services.GetRequiredService<IOptions<HooksOptions>>().Value;
}

/// <summary>Asks for the lists, where the address may be called.</summary>
internal sealed class ListmonkConnectionTest(HooksOptions hooks, IConnectionTest test) : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct) =>
        ListmonkSetup.AddressError((ListmonkOptions)settings, hooks) ?? await test.ErrorAsync(settings, ct);
}
