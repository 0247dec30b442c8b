using FluentValidation;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <summary>Takes submissions in, stores each once, and works out what they ask for.</summary>
internal static class SubmissionsFeature
{
    public static IServiceCollection AddSubmissions(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GatewayConnection();
        if (DataSetup.IsPostgres(connection))
        {
            services.AddSingleton<IInboxWriter, PostgresInboxWriter>();
        }
        else
        {
            services.AddSingleton<IInboxWriter>(provider => new SqliteInboxWriter(connection, provider.GetRequiredService<WriteGate>()));
        }

        return services
            .AddSingleton<SubmissionInbox>()
            .AddSingleton<FreshSubmissions>()
            .AddScoped<SiteStatistics>()
            .AddScoped<FormReader>()
            .AddScoped<ISiteCheck, FormFaults>()
            .AddSingleton<FormFaults.Memory>()
            .AddScoped<SubmissionStore>()
            .AddScoped<LastErrors>()
            .AddScoped<SubmissionAddresses>()
            .AddScoped<ISubscriptionRemarks, SubmissionRemarks>()
            .AddScoped<IRefusalListener, RefusedSubmissions>()
            .AddSingleton<SiteProblems>()
            .AddSingleton<SubmissionMetrics>()
            .AddScoped<IPersonalData, SubmissionPersonalData>()
            .AddFailableQueue<FailedSubmissions, Submission>()
            .AddScoped<ISettledRows, SettledSubmissions>()
            .AddQueueWorker<ProcessSubmissions>("submissions")
            .AddSingleton<IValidator<FailedApi.Request>, FailedApi.Validator>()
            .AddSingleton<IValidator<SubmissionRequest>, SubmissionValidator>()
            .AddSingleton<IValidator<ReceiveSubmissionBatch.Request>, ReceiveSubmissionBatch.Validator>();
    }

    public static void MapSubmissions(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/sites/{site}").WithTags("Submissions").RequireAuthorization(Policies.Plugin);
        ReceiveSubmission.Map(group);
        ReceiveSubmissionBatch.Map(group);
        ReadStatus.Map(group);
        FailedApi.Map(app);
    }
}
