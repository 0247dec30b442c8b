using Gateway.Features.Templates;
using Gateway.Infrastructure.Pages;

namespace Gateway.Console.Templates;

/// <summary>What the editor's form sent, whichever of its buttons was pressed.</summary>
/// <param name="Do">The button; saving, where a key was pressed instead.</param>
/// <param name="Inputs">What was typed for simple variables, by path; nothing where the values were shown as JSON.</param>
/// <param name="IsExpert">Whether they are to be shown as JSON from now on.</param>
/// <param name="Sample">The kept sample that was chosen.</param>
/// <param name="SampleName">The name to keep the values under.</param>
/// <param name="Contact">Somebody to show it as: an address, or <c>con_…</c>.</param>
/// <param name="Recipient">As whom to look at it (<see cref="RecipientChoice"/>).</param>
/// <param name="To">Where a test goes.</param>
/// <param name="Note">Why the finding whose button was pressed is no matter.</param>
internal sealed record EditForm(
    string Do,
    TemplateSource Source,
    string Json,
    IReadOnlyDictionary<string, string> Inputs,
    bool IsExpert,
    string? Sample,
    string? SampleName,
    string? Contact,
    string? Recipient,
    string? To,
    string? Note
)
{
    public const string Save = "save";
    public const string Preview = "preview";
    public const string Publish = "publish";
    public const string Test = "test";
    public const string LoadSample = "load";
    public const string KeepSample = "keep";
    public const string ForgetSample = "forget";
    public const string UseSkeleton = "skeleton";

    /// <summary>Followed by the finding's id.</summary>
    public const string Mute = "mute:";

    /// <inheritdoc cref="Mute"/>
    public const string Unmute = "unmute:";

    public const string InputPrefix = "value.";
    public const string NotePrefix = "note.";
    public const string Expert = "expert";
    private const int MaxInputs = 200;

    public static async ValueTask<EditForm?> BindAsync(HttpContext http)
    {
        var form = await PageForm.OfAsync(http);
        var pressed = form["do"] ?? Save;
        return new(
            pressed,
            new(form.Raw("subject"), form.Raw("preheader"), form.Raw("html"), form.Raw("text")),
            form.Raw("json"),
            form["typed-as"] == Expert ? new Dictionary<string, string>() : InputsOf(form),
            form["mode"] == Expert,
            form["sample"],
            form["sample-name"],
            form["contact"],
            form["reader"],
            form["to"],
            FindingOf(pressed, Mute) is { } finding ? form[NotePrefix + finding] : null
        );
    }

    /// <returns>The id of the finding that a button is about; null when it is another button.</returns>
    public static string? FindingOf(string pressed, string button) =>
        pressed.StartsWith(button, StringComparison.Ordinal) ? pressed[button.Length..] : null;

    private static Dictionary<string, string> InputsOf(PageForm form) =>
        form
            .Names.Where(name => name.StartsWith(InputPrefix, StringComparison.Ordinal))
            .Take(MaxInputs)
            .Select(name => (Path: name[InputPrefix.Length..], Text: form.Raw(name)))
            .Where(input => input.Path.Contains('.'))
            .DistinctBy(input => input.Path)
            .ToDictionary(input => input.Path, input => input.Text);
}
