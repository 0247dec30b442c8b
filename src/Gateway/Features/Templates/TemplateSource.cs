namespace Gateway.Features.Templates;

/// <summary>A template as its author writes it, each part in Liquid. An SMS has a text only.</summary>
internal sealed record TemplateSource(string Subject, string Preheader, string Html, string Text)
{
    public const string SubjectPart = "subject";
    public const string PreheaderPart = "preheader";
    public const string HtmlPart = "html";
    public const string TextPart = "text";

    /// <returns>The source of a part by its name.</returns>
    public string Of(string part) =>
        part switch
        {
            SubjectPart => Subject,
            PreheaderPart => Preheader,
            HtmlPart => Html,
            _ => Text,
        };
}
