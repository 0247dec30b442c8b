using Gateway.Features.Templates;
using Gateway.Infrastructure.Data;

namespace Gateway.Console.Templates;

/// <summary>Kinds of templates as pages name them.</summary>
internal static class KindNames
{
    public static string Of(TemplateKind kind) =>
        kind switch
        {
            TemplateKind.Confirmation => "Confirmation mail",
            TemplateKind.Welcome => "Welcome mail",
            TemplateKind.Repermission => "Mail that asks to stay",
            TemplateKind.Email => "Transactional mail",
            _ => "SMS",
        };
}

/// <summary>A kind of template, to be chosen. Public, like the components, because Razor makes them so.</summary>
/// <param name="Kind">As the API names it.</param>
public sealed record KindChoice(string Kind, string Label)
{
    public static readonly IReadOnlyList<KindChoice> All = [.. Enum.GetValues<TemplateKind>().Select(Of)];

    public static readonly IReadOnlyList<KindChoice> Mails =
    [
        .. Enum.GetValues<TemplateKind>().Where(kind => kind != TemplateKind.Sms).Select(Of),
    ];

    internal static KindChoice Of(TemplateKind kind) => new(CaseConverter.Lower(kind.ToString()), KindNames.Of(kind));
}
