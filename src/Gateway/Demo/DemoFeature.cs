using Gateway.Console.SetUp;

namespace Gateway.Demo;

/// <summary>
/// A first run without WordPress, mail server or provider: a form, a mailbox that shows what would have gone out, and the list. Only in
/// Development.
/// The form's submissions take the very way that the plugin's take.
/// </summary>
internal static class DemoFeature
{
    public static IServiceCollection AddDemo(this IServiceCollection services, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
        {
            services.AddSingleton<DemoSite>();
            services.AddSingleton(new SampleSite(DemoSite.SiteId));
            services.AddHostedService<FirstRun>();
            services.AddHttpClient<DemoVisitor>();
        }

        return services;
    }

    public static void MapDemo(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        var group = app.MapGroup("/demo").ExcludeFromDescription().AllowAnonymous();
        DemoPages.Map(group);
    }
}
