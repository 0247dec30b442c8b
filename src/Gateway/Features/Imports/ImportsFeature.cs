using Gateway.Features.Imports.Exports;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Imports;

/// <summary>People brought along from elsewhere, with the proof of their consent, and what a site takes elsewhere.</summary>
internal static class ImportsFeature
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ImportsOptions>, ImportsOptions.Validator>();
        services.AddOptions<ImportsOptions>().BindConfiguration(ImportsOptions.Section).ValidateOnStart();
        return services
            .AddScoped<ReceiveImport>()
            .AddScoped<DecideImport>()
            .AddScoped<ImportFromProvider>()
            .AddScoped<ApplyRows>()
            .AddScoped<SearchImport>()
            .AddScoped<ExportSite>()
            .AddScoped<IPersonalData, ImportPersonalData>()
            .AddScoped<IProofListener, SharedPeople>()
            .AddScoped<ISettledRows, SettledImports>()
            .AddFailableQueue<FailedImports, Import>()
            .AddQueueWorker<WorkImports>("imports");
    }

    public static void MapImports(this IEndpointRouteBuilder app)
    {
        ImportRequests.Map(app);
        ExportRequests.Map(app);
    }
}
