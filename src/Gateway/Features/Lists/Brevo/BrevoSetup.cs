using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Brevo;

internal static class BrevoSetup
{
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
            .AddRefitGeneratedClient<IBrevoApi>(Wire)
            .ConfigureHttpClient(
                (provider, http) =>
                {
                    var options = provider.GetRequiredService<IOptions<BrevoOptions>>().Value;
                    http.BaseAddress = options.BaseUrl;
                    http.DefaultRequestHeaders.Add("api-key", options.ApiKey);
                }
            )
            .AddProviderResilience(provider => provider.GetRequiredService<IOptions<BrevoOptions>>().Value.TimeLimit);
        return services
            .AddTransient<IConnectionCheck, BrevoConnectionCheck>()
            .AddKeyedSingleton<KnownProperties>(BrevoLists.Key)
            .AddScoped<BrevoAttributes>()
            .AddListProvider<BrevoLists>(BrevoLists.Key);
    }
}
