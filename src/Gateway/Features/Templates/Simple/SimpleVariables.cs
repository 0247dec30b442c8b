namespace Gateway.Features.Templates.Simple;

/// <summary>What the menu of simple mode offers. Public, like the components, because Razor makes them so.</summary>
/// <param name="Code">What it puts into the text.</param>
public sealed record SimpleVariable(string Code, string Label)
{
    private static readonly (string Path, string Label)[] All =
    [
        ("contact.first_name", "First name"),
        ("contact.name", "Full name"),
        ("contact.email", "Email address"),
        ("list.name", "Name of the list"),
        ("site.name", "Name of the site"),
        ("form.title", "Title of the form"),
        ("form.url", "Page of the form"),
        ("links.preferences", "Link to the preference page"),
        ("links.unsubscribe", "Link to unsubscribe"),
    ];

    /// <summary>A transactional mail belongs to no list and no form.</summary>
    private static readonly string[] OfLists = [TemplateNamespaces.List, TemplateNamespaces.Form, TemplateNamespaces.Links];

    /// <returns>Those that a template of the kind can show something for.</returns>
    internal static IReadOnlyList<SimpleVariable> For(TemplateKind kind) =>
        [.. All.Where(one => Has(kind, one.Path)).Select(one => new SimpleVariable($"{{{{ {one.Path} }}}}", one.Label))];

    private static bool Has(TemplateKind kind, string path)
    {
        var name = path.Split('.')[0];
        return TemplateRules.Sees(kind, name)
            && !(kind == TemplateKind.Email && OfLists.Contains(name))
            && !(kind == TemplateKind.Confirmation && name == TemplateNamespaces.Links)
            && !(kind == TemplateKind.Repermission && name == TemplateNamespaces.Form);
    }
}
