namespace Gateway.Features.Operations;

/// <summary>What operators see and do.</summary>
internal static class OperationsFeature
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddScoped<AuditLog>()
        .AddScoped<Failures>();
}
