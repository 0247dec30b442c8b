using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>One request for a page of one template, in one language where the path names one.</summary>
/// <param name="Found">Null when the site has no such template, or there is no such language; the group's filter has answered that before a
/// handler runs.</param>
internal sealed record TemplatePageContext(AdminPageContext Admin, Template? Found, string? NamedLanguage)
{
    public Template Template => Found!;

    public string Language => NamedLanguage!;

    public string Url => TemplateUrls.Of(Admin, Template);

    public TemplateHead Head => TemplateHead.Of(this);

    /// <returns>Where the words are written: by their parts, where simple mode made them.</returns>
    public string EditorOf(TemplateVersion version) => $"{Url}/{version.Language}{(version.Simple is null ? "" : "/simple")}";

    public static async ValueTask<TemplatePageContext?> BindAsync(HttpContext http) => await OfAsync(http);

    public static async Task<TemplatePageContext> OfAsync(HttpContext http)
    {
        if (http.Features.Get<TemplatePageContext>() is not { } page)
        {
            var admin = await AdminPageContext.OfAsync(http);
            var id = PublicId.Parse(PublicId.Template, http.GetRouteValue("template") as string);
            var template = admin.Site is null
                ? null
                : await http.RequestServices.GetRequiredService<TemplateStore>().FindAsync(admin.SiteId, id, http.RequestAborted);
            var language = http.GetRouteValue("language") as string;
            page = new(admin, language is null || Languages.All.Contains(language) ? template : null, language);
            http.Features.Set(page);
        }

        return page;
    }

    /// <summary>Another site's template does not exist here.</summary>
    public static async ValueTask<object?> FindAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        (await OfAsync(context.HttpContext)).Found is null ? AdminAnswers.NotFound() : await next(context);
}

/// <summary>Where the pages of templates are.</summary>
internal static class TemplateUrls
{
    public static string All(AdminPageContext page) => $"{page.SiteUrl}/templates";

    public static string Of(AdminPageContext page, Template template) => $"{All(page)}/{PublicId.Format(PublicId.Template, template.Id)}";
}

/// <summary>What every page of a template says of it. Public, like the components, because Razor makes them so.</summary>
/// <param name="Kind">In a word or two.</param>
/// <param name="SeesVars">Whether a call that sends it brings values.</param>
public sealed record TemplateHead(string Url, string Name, string Key, string Kind, bool IsSms, bool SeesVars)
{
    internal static TemplateHead Of(TemplatePageContext page) =>
        new(
            page.Url,
            page.Template.Name,
            page.Template.Key,
            KindNames.Of(page.Template.Kind),
            page.Template.Kind == TemplateKind.Sms,
            page.Template.Kind == TemplateKind.Email
        );

    public IReadOnlyList<AdminCrumb> Crumbs(AdminLayout layout) =>
        [new(T("Overview"), "/admin"), new(layout.Site!.Name, layout.Site.Url), new(T("Templates"), layout.Site.Url + "/templates")];

    /// <summary>Of a page below the editor of a language.</summary>
    public IReadOnlyList<AdminCrumb> Crumbs(AdminLayout layout, string language) =>
        [
            .. Crumbs(layout),
            new(
                $"{Name}, {LanguageNames.Of(language)}",
                layout.May(SiteRights.Manage) ? $"{Url}/{language}" : $"{Url}/{language}/history"
            ),
        ];
}
