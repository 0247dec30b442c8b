namespace Gateway.Features.Templates.BuiltIn;

/// <summary>A template of transactional mails, and what a caller fills it with.</summary>
internal sealed record MailTemplate(string Id, string Name, IReadOnlyList<MailTemplate.Variable> Variables)
{
    public const string Subject = "subject";
    public const string Body = "body";

    public static readonly IReadOnlyList<MailTemplate> All =
    [
        new("plain", "Plain message", [new(Subject, "Subject", true, false, 250), new(Body, "Body", true, true, 20_000)]),
    ];

    /// <param name="Multiline">Whether it may have more than one line; a subject that did could add headers to the mail.</param>
    /// <param name="Longest">In characters.</param>
    internal sealed record Variable(string Name, string Label, bool Required, bool Multiline, int Longest)
    {
        /// <returns>What is wrong with the text, as a sentence; null when nothing is.</returns>
        public string? Error(string text) =>
            text.Length > Longest ? $"{Name} may have at most {Longest} characters."
            : text.Any(letter => IsBreak(letter) ? !Multiline : char.IsControl(letter))
                ? $"{Name} holds {(Multiline ? "a control character" : "a line break or another control character")}."
            : null;

        private static bool IsBreak(char letter) => letter is '\r' or '\n' or '\t' or '\u2028' or '\u2029';
    }

    public static MailTemplate? Find(string? id) => All.FirstOrDefault(template => template.Id == id);

    /// <returns>Sentences by the name of the field, as a caller writes it; none when the template can be filled.</returns>
    public Dictionary<string, string[]> Missing(IReadOnlyDictionary<string, string?>? given) =>
        Variables
            .Where(variable => variable.Required && string.IsNullOrWhiteSpace(given?.GetValueOrDefault(variable.Name)))
            .ToDictionary(
                variable => $"variables.{variable.Name}",
                variable => new[] { $"The template \"{Id}\" needs {variable.Name}." }
            );

    /// <returns>What it uses of what was given.</returns>
    public Dictionary<string, string> Known(IReadOnlyDictionary<string, string?>? given) =>
        Variables
            .Select(variable => (variable.Name, Text: given?.GetValueOrDefault(variable.Name)))
            .Where(variable => variable.Text is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Text!);
}
