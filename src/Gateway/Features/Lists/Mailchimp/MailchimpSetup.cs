using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Lists.Mailchimp;

internal static class MailchimpSetup
{
    private const string HttpName = "mailchimp-lists";

    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        )
    );

    public static IServiceCollection AddMailchimpLists(this IServiceCollection services)
    {
        services.AddOptions<MailchimpOptions>().BindConfiguration(MailchimpOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailchimpOptions>, MailchimpOptions.Validator>();
        services.AddHttpClient(HttpName).AddProviderResilience(provider => Options(provider).TimeLimit);
        var provider = new ConnectionProvider(
            ConnectionKind.List,
            MailchimpLists.Key,
            MailchimpLists.Name,
            typeof(MailchimpOptions),
            MailchimpLists.Settings,
            Options
        );
        return services.AddListProvider(
            provider,
            (scope, settings) => Open(scope, (MailchimpOptions)settings),
            scope => new ListConnectionTest<MailchimpOptions>(
                provider,
                async (account, ct) => await Api(scope, account).PingAsync(ct),
                MailchimpAnswers.Judge,
                account => Options(scope).AddressOf(account),
                scope.GetRequiredService<TimeProvider>()
            )
        );
    }

    /// <summary>Mailchimp's API with the credentials of one account, at its data centre.</summary>
    private static IMailchimpApi Api(IServiceProvider services, MailchimpOptions account)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpName);
        http.BaseAddress = Options(services).AddressOf(account);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"gateway:{account.ApiKey}"))
        );
        return RestService.ForGenerated<IMailchimpApi>(http, Wire);
    }

    private static MailchimpLists Open(IServiceProvider services, MailchimpOptions account)
    {
        var api = Api(services, account);
        var known = services.GetRequiredService<KnownAccounts>();

        // Each list has fields of its own.
        return ActivatorUtilities.CreateInstance<MailchimpLists>(
            services,
            api,
            (Func<string, MailchimpFields>)(
                list =>
                    ActivatorUtilities.CreateInstance<MailchimpFields>(
                        services,
                        api,
                        list,
                        known.Of(MailchimpLists.Key, $"{account.ApiKey}/{list}")
                    )
            )
        );
    }

    private static MailchimpOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<MailchimpOptions>>().Value;
}
