namespace Gateway.Console.Templates;

/// <summary>
/// /admin/sites/{site}/templates — what a site's mails and SMS say: the list, and under each template its editor, history and settings;
/// beside it the segments.
/// </summary>
internal static class TemplatePages
{
    /// <summary>Room for the longest template with its values, as a form encodes it.</summary>
    public const int FormBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddTemplatePages(this IServiceCollection services) =>
        services
            .AddSingleton<PreviewFrames>()
            .AddScoped<EditorPreview>()
            .AddScoped<EditActions>()
            .AddScoped<EditPageModel>()
            .AddScoped<SimplePageModel>()
            .AddScoped<PublishPageModel>()
            .AddScoped<TemplateLanguages>()
            .AddScoped<TemplateUses>();

    public static void Map(RouteGroupBuilder site)
    {
        CheckPages.Map(site);
        SegmentPages.Map(site);

        var templates = site.MapGroup("/templates");
        ListPages.Map(templates);
        NewPages.Map(templates);
        ImportPages.Map(templates);
        FramePages.Map(templates);

        var template = templates.MapGroup("/{template}").AddEndpointFilter(TemplatePageContext.FindAsync);
        SettingsPages.Map(template);

        var words = template.MapGroup("/{language}");
        EditPages.Map(words);
        SimplePages.Map(words);
        PublishPages.Map(words);
        HistoryPages.Map(words);
    }
}
