using Gateway.Console.Layout;
using Gateway.Features.Templates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/templates — all templates of a site, and the built-in ones where it has none of its own.</summary>
internal static class ListPages
{
    private static readonly TemplateKind[] SentWithoutAsking =
    [
        TemplateKind.Confirmation,
        TemplateKind.Welcome,
        TemplateKind.Repermission,
    ];

    public static void Map(RouteGroupBuilder templates) =>
        templates.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminTemplatesPage").WithSummary("Show a site's templates");

    private static async Task<RazorComponentResult> LookAsync(AdminPageContext context, TemplateStore store, CancellationToken ct)
    {
        var templates = await store.OfSiteAsync(context.SiteId, ct);
        var versions = await store.CurrentVersionsAsync(context.SiteId, ct);
        var current = versions.ToLookup(version => version.TemplateId);
        var published = templates
            .Where(template => current[template.Id].Any(version => version.State == VersionState.Published))
            .Select(template => template.Kind)
            .ToHashSet();
        return context.Show<ListPage>(
            (
                nameof(ListPage.Rows),
                templates
                    .OrderBy(template => template.Kind)
                    .ThenBy(template => template.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(template => RowOf(context, template, [.. current[template.Id]]))
                    .ToList()
            ),
            (nameof(ListPage.BuiltIn), SentWithoutAsking.Where(kind => !published.Contains(kind)).Select(KindChoice.Of).ToList())
        );
    }

    private static TemplateRow RowOf(AdminPageContext context, Template template, List<VersionSummary> versions)
    {
        var url = TemplateUrls.Of(context, template);
        var last = versions.MaxBy(version => version.UpdatedAt);
        return new(
            url,
            template.Name,
            template.Key,
            KindNames.Of(template.Kind),
            [
                .. versions
                    .GroupBy(version => version.Language)
                    .OrderBy(language => language.Key, StringComparer.Ordinal)
                    .Select(language => LanguageState.Of(language.Key, $"{url}/{language.Key}", [.. language])),
            ],
            last?.UpdatedAt ?? template.CreatedAt,
            Authors.NameOf(last?.Author)
        );
    }
}

/// <summary>A template in the list.</summary>
/// <param name="ChangedBy">Null when nobody has written anything.</param>
public sealed record TemplateRow(
    string Url,
    string Name,
    string Key,
    string Kind,
    IReadOnlyList<LanguageState> Languages,
    DateTime ChangedAt,
    string? ChangedBy
);

/// <summary>What there is in a language.</summary>
/// <param name="IsSimple">Whether it opens in simple mode.</param>
public sealed record LanguageState(string Language, string Url, bool IsPublished, bool HasDraft, bool IsSimple)
{
    /// <summary>Where its words are written.</summary>
    public string Editor => IsSimple ? $"{Url}/simple" : Url;

    /// <param name="versions">Of the language, those that count: what is sent, and the draft.</param>
    internal static LanguageState Of(string language, string url, IReadOnlyCollection<VersionSummary> versions) =>
        new(
            language,
            url,
            versions.Any(one => one.State == VersionState.Published),
            versions.Any(one => one.State == VersionState.Draft),
            versions.MinBy(one => one.State)?.IsSimple == true
        );
}
