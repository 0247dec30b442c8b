using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>Who on the lists is worth a look, asking the silent whether they stay, and taking off who did not answer.</summary>
internal static class HygieneSetup
{
    public static IServiceCollection AddHygiene(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<HygieneOptions>, HygieneOptions.Validator>();
        services.AddOptions<HygieneOptions>().BindConfiguration(HygieneOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<AddressFlaws>()
            .AddSingleton<JudgingPass>()
            .AddScoped<HygieneFigures>()
            .AddScoped<HygieneRounds>()
            .AddScoped<HygieneCsv>()
            .AddScoped<AskSilent>()
            .AddScoped<AnswerRepermission>()
            .AddSingleton<IValidator<AskWhetherTheyStay.Request>, AskWhetherTheyStay.Validator>()
            .AddFailableQueue<FailedRounds, HygieneRound>()
            .AddScoped<ISettledRows, SettledRounds>()
            .AddQueueWorker<WorkRounds>("hygiene")
            .AddQueueWorker<JudgeAddresses>("addresses");
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/hygiene").WithTags("Hygiene").RequireScope(Scopes.Contacts);
        ReadHygiene.Map(group);
        ReadHygienePeople.Map(group);
        AskWhetherTheyStay.Map(group);
        RemoveUnanswered.Map(group);
        ReadHygiene.MapSite(app.MapGroup("/v1/sites/{site}").WithTags("Hygiene").RequireAuthorization(Policies.Plugin));
    }
}
