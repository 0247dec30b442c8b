using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Mailjet;

internal static class MailjetSetup
{
    private const string HttpName = "mailjet-lists";

    /// <summary>Mailjet writes its members with a capital, so names go over the wire as they stand in the records.</summary>
    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull })
    );

    public static IServiceCollection AddMailjetLists(this IServiceCollection services)
    {
        services.AddOptions<MailjetOptions>().BindConfiguration(MailjetOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailjetOptions>, MailjetOptions.Validator>();
        services
            .AddHttpClient(HttpName)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .AddProviderResilience(provider => Options(provider).TimeLimit);
        var provider = new ConnectionProvider(
            ConnectionKind.List,
            MailjetLists.Key,
            MailjetLists.Name,
            typeof(MailjetOptions),
            MailjetLists.Settings,
            Options
        );
        return services.AddListProvider(
            provider,
            (scope, settings) => Open(scope, (MailjetOptions)settings),
            scope => new ListConnectionTest<MailjetOptions>(
                provider,
                async (account, ct) => await Api(scope, account).ReadPropertiesAsync(ct),
                MailjetAnswers.Judge,
                _ => Options(scope).BaseUrl,
                scope.GetRequiredService<TimeProvider>()
            )
        );
    }

    /// <summary>Mailjet's API with the credentials of one account.</summary>
    private static IMailjetApi Api(IServiceProvider services, MailjetOptions account)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials(account)))
        );
        return RestService.ForGenerated<IMailjetApi>(http, Wire);
    }

    private static MailjetLists Open(IServiceProvider services, MailjetOptions account)
    {
        var api = Api(services, account);
        var known = services.GetRequiredService<KnownAccounts>().Of(MailjetLists.Key, Credentials(account));
        var properties = ActivatorUtilities.CreateInstance<MailjetProperties>(services, api, known);
        var jobs = ActivatorUtilities.CreateInstance<MailjetJobs>(services, api, properties);
        return ActivatorUtilities.CreateInstance<MailjetLists>(services, api, jobs, properties);
    }

    private static string Credentials(MailjetOptions account) => $"{account.ApiKey}:{account.SecretKey}";

    private static MailjetOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<MailjetOptions>>().Value;
}
