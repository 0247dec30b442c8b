using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Mailjet;

internal static class MailjetSetup
{
    /// <summary>Mailjet writes its members with a capital, so names go over the wire as they stand in the records.</summary>
    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull })
    );

    public static IServiceCollection AddMailjetLists(this IServiceCollection services)
    {
        services.AddOptions<MailjetOptions>().BindConfiguration(MailjetOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailjetOptions>, MailjetOptions.Validator>();
        services
            .AddRefitGeneratedClient<IMailjetApi>(Wire)
            .ConfigureHttpClient(
                (provider, http) =>
                {
                    var options = provider.GetRequiredService<IOptions<MailjetOptions>>().Value;
                    http.BaseAddress = options.BaseUrl;
                    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                        "Basic",
                        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ApiKey}:{options.SecretKey}"))
                    );
                }
            )
            .AddProviderResilience(provider => provider.GetRequiredService<IOptions<MailjetOptions>>().Value.TimeLimit);
        return services
            .AddTransient<IConnectionCheck, MailjetConnectionCheck>()
            .AddKeyedSingleton<KnownProperties>(MailjetLists.Key)
            .AddScoped<MailjetProperties>()
            .AddScoped<MailjetJobs>()
            .AddListProvider<MailjetLists>(MailjetLists.Key);
    }
}
