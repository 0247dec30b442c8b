using Gateway.Console.Layout;
using Gateway.Features.Contacts;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Forms;

/// <summary>/admin/sites/{site}/forms — the forms that sent something lately: for which lists, and what is wrong with them.</summary>
internal static class FormsPages
{
    public static void MapSite(RouteGroupBuilder site) =>
        site.MapMethods("/forms", AdminPages.Look, LookAsync).WithName("AdminFormsPage").WithSummary("Show a site's forms");

    private static async Task<IResult> LookAsync(AdminPageContext context, FormReader forms, ListStore lists, CancellationToken ct)
    {
        var names = (await lists.OfSiteAsync(context.SiteId, ct)).ToDictionary(
            list => PublicId.Format(PublicId.List, list.Id),
            list => list.Name
        );
        var found = await forms.OfSiteAsync(context.SiteId, ct);
        return context.Show<FormsPage>(
            (nameof(FormsPage.Rows), found.Select(form => FormRow.Of(form, names)).ToList()),
            (nameof(FormsPage.Days), FormReader.Days)
        );
    }
}

/// <summary>A form of a site. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">The page that it stands on; null where that is not known.</param>
/// <param name="Lists">By the id as the form writes it; without a name where the site has no such list.</param>
/// <param name="Faults">What is wrong with it, in sentences.</param>
public sealed record FormRow(
    string Id,
    string? Title,
    string? Url,
    DateTime LastAt,
    int Count,
    IReadOnlyList<string> Fields,
    IReadOnlyList<KeyValuePair<string, string>> Lists,
    IReadOnlyList<string> Faults
)
{
    internal static FormRow Of(KnownForm form, Dictionary<string, string> names)
    {
        var lists = form.Lists.Select(one => one.List).OfType<string>().Distinct().ToList();
        var faults = lists
            .Where(list => !names.ContainsKey(list))
            .Select(list => T($"It names the list {list}, which this site does not have."))
            .Prepend(form.Missing.Count > 0 ? form.Sentence : null)
            .OfType<string>();
        return new(
            form.Id,
            form.Title,
            Uri.TryCreate(form.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? form.Url : null,
            form.LastAt,
            form.Count,
            form.Fields,
            [.. lists.Where(names.ContainsKey).Select(list => KeyValuePair.Create(list, names[list]))],
            [.. faults]
        );
    }
}
