using Gateway.Features.Templates.Language;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>What a template of a kind must hold and may see, beyond what the language says.</summary>
internal static class TemplateRules
{
    private const int MaxLine = 1_000;
    private const int MaxBody = 256 * 1024;

    private static readonly string[] OfConfirmations =
    [
        TemplateNamespaces.List,
        TemplateNamespaces.Site,
        TemplateNamespaces.Links,
        TemplateNamespaces.Language,
    ];

    /// <summary>A number belongs to nobody that the gateway knows.</summary>
    private static readonly string[] OfSms = [TemplateNamespaces.Site, TemplateNamespaces.Vars, TemplateNamespaces.Language];

    private static readonly string[] All =
    [
        .. OfConfirmations,
        TemplateNamespaces.Contact,
        TemplateNamespaces.Form,
        TemplateNamespaces.Vars,
    ];

    public static bool Sees(TemplateKind kind, string name) =>
        (
            kind switch
            {
                TemplateKind.Confirmation => OfConfirmations,
                TemplateKind.Sms => OfSms,
                _ => All,
            }
        ).Contains(name);

    /// <summary>What keeps a source from being stored at all.</summary>
    public static IReadOnlyList<TemplateError> SizeErrors(TemplateSource source) =>
        [
            .. Parts(source)
                .Where(part => part.Source.Length > LongestOf(part.Name))
                .Select(part => new TemplateError(
                    part.Name,
                    1,
                    1,
                    T($"{part.Name} is too long: it may have at most {LongestOf(part.Name):N0} characters.")
                )),
        ];

    private static int LongestOf(string part) => part is TemplateSource.HtmlPart or TemplateSource.TextPart ? MaxBody : MaxLine;

    /// <summary>What keeps it from being sent: a part that is missing, or the one link that the mail is for.</summary>
    public static IEnumerable<TemplateError> MissingErrors(TemplateKind kind, TemplateSource source, CompiledTemplate template)
    {
        if (kind == TemplateKind.Sms)
        {
            return string.IsNullOrWhiteSpace(source.Text) ? [new(TemplateSource.TextPart, 1, 1, T("An SMS needs a text."))] : [];
        }

        return Parts(source)
            .Where(part => part.Name != TemplateSource.PreheaderPart && string.IsNullOrWhiteSpace(part.Source))
            .Select(part => new TemplateError(
                part.Name,
                1,
                1,
                part.Name switch
                {
                    TemplateSource.SubjectPart => T("A mail needs a subject."),
                    TemplateSource.TextPart => T(
                        "A mail needs a text part: some readers see nothing else, and filters count its absence against you."
                    ),
                    _ => T("A mail needs an HTML part."),
                }
            ))
            .Concat(LinkErrors(kind, template));
    }

    private static IEnumerable<TemplateError> LinkErrors(TemplateKind kind, CompiledTemplate template)
    {
        string[] wanted = kind switch
        {
            TemplateKind.Confirmation => ["links.confirm"],
            TemplateKind.Repermission => ["links.stay"],
            TemplateKind.Welcome => ["links.unsubscribe", "links.preferences"],
            _ => [],
        };
        string[] parts = wanted.Length == 0 ? [] : [TemplateSource.HtmlPart, TemplateSource.TextPart];
        return parts
            .Where(part =>
                !template.Variables.Any(found => found.Part == part && found.Variable.IsForAll && wanted.Contains(found.Variable.Path))
            )
            .Select(part =>
            {
                var links = wanted.Select(link => $"{{{{ {link} }}}}").Aggregate((one, other) => T($"{one} or {other}"));
                var isHidden = template.Variables.Any(found => found.Part == part && wanted.Contains(found.Variable.Path));
                var reason =
                    kind == TemplateKind.Confirmation ? T("without it nobody can confirm.")
                    : kind == TemplateKind.Repermission ? T("without it nobody can say that they stay.")
                    : T("whoever is on a list must be able to unsubscribe.");
                return new TemplateError(
                    part,
                    1,
                    1,
                    isHidden
                        ? T($"The {T(part)} part needs {links} where everybody sees it: {reason}")
                        : T($"The {T(part)} part needs {links}: {reason}")
                );
            });
    }

    private static (string Name, string Source)[] Parts(TemplateSource source) =>
        [
            (TemplateSource.SubjectPart, source.Subject),
            (TemplateSource.PreheaderPart, source.Preheader),
            (TemplateSource.HtmlPart, source.Html),
            (TemplateSource.TextPart, source.Text),
        ];
}
