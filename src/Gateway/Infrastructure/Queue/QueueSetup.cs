namespace Gateway.Infrastructure.Queue;

/// <summary>How features tell of their queues.</summary>
internal static class QueueSetup
{
    /// <summary>A queue that operators see the depth of.</summary>
    public static IServiceCollection AddQueueTable<T>(this IServiceCollection services, string queue)
        where T : class, IQueued =>
        services.AddScoped<IQueueTable>(provider => ActivatorUtilities.CreateInstance<QueueTable<T>>(provider, queue));

    /// <summary>A queue that operators see the depth of, and whose failed rows they replay.</summary>
    public static IServiceCollection AddFailableQueue<TTable, T>(this IServiceCollection services)
        where TTable : class, IQueueTable, IFailedItems, ISetAside<T>
        where T : class, ILeased =>
        services
            .AddScoped<TTable>()
            .AddScoped<ISetAside<T>>(provider => provider.GetRequiredService<TTable>())
            .AddScoped<IQueueTable>(provider => provider.GetRequiredService<TTable>())
            .AddScoped<IFailedItems>(provider => provider.GetRequiredService<TTable>());
}
