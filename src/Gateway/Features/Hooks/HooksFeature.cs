namespace Gateway.Features.Hooks;

/// <summary>Events, and those who want to know of them.</summary>
internal static class HooksFeature
{
    public static IServiceCollection AddHooks(this IServiceCollection services) => services.AddSingleton<Events>();
}
