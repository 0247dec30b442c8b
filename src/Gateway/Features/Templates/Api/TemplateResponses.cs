using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates.Api;

/// <summary>A template in a list.</summary>
/// <param name="Id">What <c>template</c> takes; the key does as well.</param>
/// <param name="Kind"><c>confirmation</c>, <c>welcome</c>, <c>email</c> or <c>sms</c>.</param>
/// <param name="Channel"><c>mail</c> or <c>sms</c>.</param>
/// <param name="Published">Whether it can be used.</param>
/// <param name="Languages">In which it is published.</param>
/// <param name="Variables">What a caller fills it with by <c>variables</c>; lists and objects go into <c>vars</c>.</param>
internal sealed record TemplateResponse(
    string Id,
    string Key,
    string Kind,
    string Name,
    string Channel,
    bool Published,
    IReadOnlyList<string> Languages,
    IReadOnlyList<TemplateResponse.VariableResponse> Variables
)
{
    internal sealed record VariableResponse(string Name, string Label, bool Required, bool Multiline);

    public static TemplateResponse Of(MailTemplate builtIn) =>
        new(
            builtIn.Id,
            builtIn.Id,
            CaseConverter.Lower(nameof(TemplateKind.Email)),
            builtIn.Name,
            Channels.Mail,
            true,
            Infrastructure.Text.Languages.All,
            [
                .. builtIn.Variables.Select(variable => new VariableResponse(
                    variable.Name,
                    variable.Label,
                    variable.Required,
                    variable.Multiline
                )),
            ]
        );

    public static TemplateResponse Of(Template template, PublishedTemplate? published) =>
        new(
            PublicId.Format(PublicId.Template, template.Id),
            template.Key,
            CaseConverter.Lower(template.Kind.ToString()),
            template.Name,
            template.Kind == TemplateKind.Sms ? Channels.Sms : Channels.Mail,
            published is not null,
            [.. published?.Words.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()],
            published is null ? [] : VariablesOf(published)
        );

    /// <summary>Of all languages together, since a form is shown before the language is chosen.</summary>
    private static List<VariableResponse> VariablesOf(PublishedTemplate published)
    {
        const string Prefix = TemplateNamespaces.Vars + ".";
        return
        [
            .. published
                .Words.Values.SelectMany(words => words.Variables)
                .Select(found => found.Variable)
                .Where(variable => variable.IsSimple && variable.Path.StartsWith(Prefix, StringComparison.Ordinal))
                .GroupBy(variable => variable.Path[Prefix.Length..])
                .Select(variable => new VariableResponse(variable.Key, Label(variable.Key), !variable.All(one => one.IsOptional), false)),
        ];
    }

    /// <summary><c>order.tracking_url</c> as <c>Order tracking url</c>.</summary>
    private static string Label(string path) => $"{char.ToUpperInvariant(path[0])}{path[1..].Replace('.', ' ').Replace('_', ' ')}";
}

/// <param name="Message">A sentence.</param>
/// <param name="Code"><c>invalid</c>, or <c>too_complex</c> where it is deeper, longer or slower than a template may be.</param>
// Public because Razor components are.
public sealed record TemplateErrorLine(string Part, int Line, int Column, string Message, string Code)
{
    internal static TemplateErrorLine Of(TemplateError error) => new(error.Part, error.Line, error.Column, error.Message, error.Code);
}

/// <summary>A value that a template asks for.</summary>
/// <param name="Path">Such as <c>vars.items[].price</c>, where <c>[]</c> stands for each member.</param>
/// <param name="Type"><c>text</c>, <c>list</c> or <c>object</c>, as the template uses it.</param>
/// <param name="Simple">Whether one input of a form can fill it; the rest needs JSON.</param>
/// <param name="Optional">Whether the template does without it.</param>
internal sealed record VariableUseResponse(string Path, string Type, bool Simple, bool Optional, string Part)
{
    public static IReadOnlyList<VariableUseResponse> Of(IEnumerable<(string Part, TemplateVariable Variable)> found) =>
        [
            .. found
                .Where(one => one.Variable.Path != TemplateNamespaces.Language)
                .DistinctBy(one => one.Variable.Path)
                .Select(one => new VariableUseResponse(
                    one.Variable.Path,
                    CaseConverter.Lower(one.Variable.Shape.ToString()),
                    one.Variable.IsSimple,
                    one.Variable.IsOptional,
                    one.Part
                )),
        ];
}

/// <summary>One version as a history shows it.</summary>
/// <param name="State"><c>draft</c>, <c>published</c> or <c>archived</c>.</param>
internal record VersionResponse(
    string Language,
    int Number,
    string State,
    string Author,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? PublishedAt
)
{
    public static VersionResponse Of(TemplateVersion version) =>
        new(
            version.Language,
            version.Number,
            CaseConverter.Lower(version.State.ToString()),
            version.Author,
            version.CreatedAt,
            version.UpdatedAt,
            version.PublishedAt
        );
}

/// <summary>A version with its words.</summary>
internal sealed record VersionDetails(
    string Language,
    int Number,
    string State,
    string Author,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? PublishedAt,
    string Subject,
    string Preheader,
    string Html,
    string Text
) : VersionResponse(Language, Number, State, Author, CreatedAt, UpdatedAt, PublishedAt)
{
    /// <summary>
    /// Of a version that was saved or published just now: what readers, filters and the law may mind, without what was muted.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TemplateFindingResponse>? Findings { get; init; }

    public static new VersionDetails Of(TemplateVersion version) =>
        new(
            version.Language,
            version.Number,
            CaseConverter.Lower(version.State.ToString()),
            version.Author,
            version.CreatedAt,
            version.UpdatedAt,
            version.PublishedAt,
            version.Subject,
            version.Preheader,
            version.Html,
            version.Text
        );
}

/// <summary>Values kept under a name.</summary>
internal sealed record SampleResponse(string Name, JsonObject Values, DateTime UpdatedAt)
{
    public static SampleResponse Of(TemplateSample sample) => new(sample.Name, JsonNode.Parse(sample.Json)!.AsObject(), sample.UpdatedAt);
}
