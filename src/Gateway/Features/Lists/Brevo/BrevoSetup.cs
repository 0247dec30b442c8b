using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Brevo;

internal static class BrevoSetup
{
    private const string HttpName = "brevo-lists";

    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        )
    );

    public static IServiceCollection AddBrevoLists(this IServiceCollection services)
    {
        services.AddOptions<BrevoOptions>().BindConfiguration(BrevoOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BrevoOptions>, BrevoOptions.Validator>();
        services
            .AddHttpClient(HttpName)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .AddProviderResilience(provider => Options(provider).TimeLimit);
        var provider = new ConnectionProvider(
            ConnectionKind.List,
            BrevoLists.Key,
            BrevoLists.Name,
            typeof(BrevoOptions),
            BrevoLists.Settings,
            Options
        );
        return services.AddListProvider(
            provider,
            (scope, settings) => Open(scope, (BrevoOptions)settings),
            scope => new ListConnectionTest<BrevoOptions>(
                provider,
                async (account, ct) => await Api(scope, account).ReadAttributesAsync(ct),
                BrevoAnswers.Judge,
                _ => Options(scope).BaseUrl,
                scope.GetRequiredService<TimeProvider>()
            )
        );
    }

    /// <summary>Brevo's API with the credentials of one account.</summary>
    private static IBrevoApi Api(IServiceProvider services, BrevoOptions account)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        http.DefaultRequestHeaders.TryAddWithoutValidation("api-key", account.ApiKey);
        return RestService.ForGenerated<IBrevoApi>(http, Wire);
    }

    private static BrevoLists Open(IServiceProvider services, BrevoOptions account)
    {
        var api = Api(services, account);
        var known = services.GetRequiredService<KnownAccounts>().Of(BrevoLists.Key, account.ApiKey!);
        var attributes = ActivatorUtilities.CreateInstance<BrevoAttributes>(services, api, known);
        return ActivatorUtilities.CreateInstance<BrevoLists>(services, api, attributes);
    }

    private static BrevoOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<BrevoOptions>>().Value;
}
