using Gateway.Features.Admin.Pages;

namespace Gateway.Features.Templates.Pages;

/// <summary>What the editor's form sent, whichever of its buttons was pressed.</summary>
/// <param name="Do">The button; saving, where a key was pressed instead.</param>
/// <param name="Inputs">What was typed for simple variables, by path; nothing where the values were shown as JSON.</param>
/// <param name="IsExpert">Whether they are to be shown as JSON from now on.</param>
/// <param name="Sample">The kept sample that was chosen.</param>
/// <param name="SampleName">The name to keep the values under.</param>
/// <param name="Contact">Somebody to show it as: an address, or <c>con_…</c>.</param>
/// <param name="To">Where a test goes.</param>
internal sealed record EditForm(
    string Do, TemplateSource Source, string Json, IReadOnlyDictionary<string, string> Inputs, bool IsExpert, string? Sample, string? SampleName, string? Contact, string? To)
{
    public const string Save = "save";
    public const string Preview = "preview";
    public const string Publish = "publish";
    public const string Test = "test";
    public const string LoadSample = "load";
    public const string KeepSample = "keep";
    public const string ForgetSample = "forget";
    public const string UseSkeleton = "skeleton";

    public const string InputPrefix = "value.";
    public const string Expert = "expert";
    private const int MostInputs = 200;

    public static async ValueTask<EditForm?> BindAsync(HttpContext http)
    {
        var form = await AdminForm.OfAsync(http);
        return new(
            form["do"] ?? Save,
            new(form.Raw("subject"), form.Raw("preheader"), form.Raw("html"), form.Raw("text")),
            form.Raw("json"), form["typed-as"] == Expert ? new Dictionary<string, string>() : InputsOf(form), form["mode"] == Expert, form["sample"], form["sample-name"], form["contact"], form["to"]);
    }

    private static Dictionary<string, string> InputsOf(AdminForm form) => (form.Fields?.Keys ?? [])
        .Where(name => name.StartsWith(InputPrefix, StringComparison.Ordinal))
        .Take(MostInputs)
        .Select(name => (Path: name[InputPrefix.Length..], Text: form.Raw(name)))
        .Where(input => input.Path.Contains('.'))
        .DistinctBy(input => input.Path)
        .ToDictionary(input => input.Path, input => input.Text);
}
