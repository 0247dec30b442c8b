using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.MailerLite;

internal static class MailerLiteSetup
{
    private const string HttpName = "mailerlite-lists";

    /// <summary>The version of the API that this was written for.</summary>
    private const string Version = "2026-01-01";

    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        )
    );

    public static IServiceCollection AddMailerLiteLists(this IServiceCollection services)
    {
        services.AddOptions<MailerLiteOptions>().BindConfiguration(MailerLiteOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailerLiteOptions>, MailerLiteOptions.Validator>();
        services
            .AddHttpClient(HttpName)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .AddProviderResilience(provider => Options(provider).TimeLimit);
        var provider = new ConnectionProvider(
            ConnectionKind.List,
            MailerLiteLists.Key,
            MailerLiteLists.Name,
            typeof(MailerLiteOptions),
            MailerLiteLists.Settings,
            Options
        );
        return services.AddListProvider(
            provider,
            (scope, settings) => Open(scope, (MailerLiteOptions)settings),
            scope => new ListConnectionTest<MailerLiteOptions>(
                provider,
                async (account, ct) => await Api(scope, account).ReadGroupsAsync(ct),
                MailerLiteAnswers.Judge,
                _ => Options(scope).BaseUrl,
                scope.GetRequiredService<TimeProvider>()
            )
        );
    }

    /// <summary>MailerLite's API with the credentials of one account.</summary>
    private static IMailerLiteApi Api(IServiceProvider services, MailerLiteOptions account)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        http.DefaultRequestHeaders.Authorization = new("Bearer", account.ApiKey);
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        http.DefaultRequestHeaders.Add("X-Version", Version);
        return RestService.ForGenerated<IMailerLiteApi>(http, Wire);
    }

    private static MailerLiteLists Open(IServiceProvider services, MailerLiteOptions account)
    {
        var api = Api(services, account);
        var known = services.GetRequiredService<KnownAccounts>().Of(MailerLiteLists.Key, account.ApiKey!);
        var fields = ActivatorUtilities.CreateInstance<MailerLiteFields>(services, api, known);
        return ActivatorUtilities.CreateInstance<MailerLiteLists>(services, api, fields);
    }

    private static MailerLiteOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<MailerLiteOptions>>().Value;
}
