using Gateway.Features.Sites.Findings;

namespace Gateway.Console.Layout;

/// <summary>Something that is wrong at a site. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Where it is put right, or where it says how.</param>
/// <param name="Kind">In a word or two.</param>
/// <param name="Name">What it is about, as people know it.</param>
public sealed record FindingRow(AdminSiteLink Site, string Url, string Kind, string Name, string Text, DateTime Since)
{
    internal static FindingRow Of(SiteFinding finding, AdminSiteLink site) =>
        new(
            site,
            site.Url + PageOf(finding),
            finding.Kind switch
            {
                FindingKind.Domain => "Sender domain",
                FindingKind.Form => "Form",
                _ => "Hook",
            },
            finding.Name,
            finding.Text,
            finding.Since
        );

    /// <returns>What follows the site's address.</returns>
    internal static string PageOf(SiteFinding finding) =>
        finding.Kind switch
        {
            FindingKind.Domain => "/domains",
            FindingKind.Form => "/forms",
            _ => $"/hooks/{finding.Subject}",
        };

    /// <returns>How many there are, such as "3 sender domains have a fault".</returns>
    internal static string Sum(FindingKind kind, int count) =>
        (kind, count) switch
        {
            (FindingKind.Domain, 1) => "1 sender domain has a fault",
            (FindingKind.Domain, _) => $"{count} sender domains have a fault",
            (FindingKind.Form, 1) => "1 form lacks a field that it names",
            (FindingKind.Form, _) => $"{count} forms lack a field that they name",
            (_, 1) => "1 hook takes no events",
            _ => $"{count} hooks take no events",
        };

    internal static string Means(FindingKind kind) =>
        kind switch
        {
            FindingKind.Domain => "Emails from there are refused, land in spam, or count as forged.",
            FindingKind.Form => "Sign-ups fail, or come without what the field held.",
            _ => "What it is to be told waits, and is given up after about three days.",
        };
}
