using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Templates.Api;

/// <summary>The draft of a path, <c>/v1/templates/{id}/drafts/{language}</c>, with its template.</summary>
/// <param name="Language">Null when the gateway has no such language.</param>
/// <param name="Draft">Null when the language has none.</param>
internal sealed record DraftOfSite(TemplateOfSite Of, string? Language, TemplateVersion? Draft) : IVersioned
{
    public Template? Template => Of.Template;

    public object? Stored => Draft?.Changeable();

    public static async ValueTask<DraftOfSite?> BindAsync(HttpContext http)
    {
        var of = (await TemplateOfSite.BindAsync(http))!;
        var language = Languages.Find(http.GetRouteValue("language") as string);
        var draft =
            of.Template is { } template && language is not null
                ? await http
                    .RequestServices.GetRequiredService<TemplateDrafts>()
                    .FindAsync(template.Id, language, VersionState.Draft, http.RequestAborted)
                : null;
        return new(of, language, draft);
    }
}
