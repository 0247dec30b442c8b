using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Features.Connections;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Mail.Api;

internal static class ApiProviderSetup
{
    /// <summary>What is not set is left out of a call.</summary>
    private static readonly RefitSettings Wire = new(
        new SystemTextJsonContentSerializer(
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }
        )
    );

    /// <summary>Registers a provider whose API takes mails: its calls, its account's settings, and what tries them.</summary>
    /// <typeparam name="TApi">Its calls, by Refit.</typeparam>
    /// <typeparam name="TAccount">Its account's settings.</typeparam>
    /// <param name="section">As configuration names it: <c>Mail:Postmark</c>.</param>
    /// <param name="open">Makes the transport for one account.</param>
    /// <param name="ask">A question that changes and costs nothing, with an account's credentials.</param>
    /// <param name="errorOf">What is wrong, as a sentence, when an answer to the question came; null when the account can send.</param>
    public static IServiceCollection AddApiMail<TApi, TAccount>(
        this IServiceCollection services,
        string key,
        string title,
        string section,
        Func<TApi, TAccount, ApiAccount, TimeProvider, IMailTransport> open,
        Func<TApi, TAccount, CancellationToken, Task<HttpResponseMessage>> ask,
        Func<ApiAnswer, TAccount, string?> errorOf
    )
        where TApi : class
        where TAccount : ApiOptions, new()
    {
        var settings = section.Replace(":", "__", StringComparison.Ordinal);
        services
            .AddRefitGeneratedClient<TApi>(Wire)
            .ConfigureHttpClient((scope, http) => http.BaseAddress = Options(scope).BaseUrl)
            .SendsEachOnce(scope => Options(scope).TimeLimit);
        return services
            .AddSingleton<IValidateOptions<TAccount>>(scope => new Validator<TAccount>(
                key,
                settings,
                scope.GetRequiredService<IOptions<MailOptions>>(),
                scope.GetRequiredService<IHostEnvironment>()
            ))
            .AddTransportProvider<TAccount>(
                key,
                title,
                section,
                (scope, account) => open(Api(scope), account, Account(scope), Clock(scope)),
                scope => new ApiConnectionTest<TAccount>(
                    Account(scope),
                    Options(scope).BaseUrl,
                    (account, ct) => ask(Api(scope), account, ct),
                    errorOf,
                    Clock(scope)
                )
            );

        static TApi Api(IServiceProvider scope) => scope.GetRequiredService<TApi>();
        static TimeProvider Clock(IServiceProvider scope) => scope.GetRequiredService<TimeProvider>();
        static TAccount Options(IServiceProvider scope) => scope.GetRequiredService<IOptions<TAccount>>().Value;
        ApiAccount Account(IServiceProvider scope) => new(key, title, settings, Options(scope).TimeLimit);
    }

    /// <summary>An account is needed only where the installation's mails go over it.</summary>
    private sealed class Validator<TAccount>(string key, string settings, IOptions<MailOptions> mail, IHostEnvironment environment)
        : IValidateOptions<TAccount>
        where TAccount : ApiOptions
    {
        public ValidateOptionsResult Validate(string? name, TAccount options) =>
            ProviderSettings.Result([
                .. mail.Value.Transport == key ? options.Errors().Select(error => $"{settings}__{error}") : [],
                ProviderSettings.UrlError($"{settings}__BaseUrl", options.BaseUrl, environment),
                ProviderSettings.TimeError($"{settings}__TimeLimit", options.TimeLimit, ApiOptions.MaxTimeLimit),
            ]);
    }
}
