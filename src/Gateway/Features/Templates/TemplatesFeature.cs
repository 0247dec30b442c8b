namespace Gateway.Features.Templates;

/// <summary>Templates: their language, and what is made of them.</summary>
internal static class TemplatesFeature
{
    public static IServiceCollection AddTemplates(this IServiceCollection services) => services
        .AddSingleton<TemplateRenderer>();
}
