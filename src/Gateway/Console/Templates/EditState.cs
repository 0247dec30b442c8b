using System.Text.Json.Nodes;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;

namespace Gateway.Console.Templates;

/// <summary>
/// What the editor shows: words and values as they are kept, or as somebody has just typed them, and what came of the button.
/// </summary>
internal sealed record EditState(TemplateSource Source, JsonObject Values)
{
    /// <summary>What was typed where it cannot be read as JSON.</summary>
    public string? Unreadable { get; init; }

    public TypedError? JsonError { get; init; }

    public bool IsExpert { get; init; }

    public string? Sample { get; init; }

    public string? Contact { get; init; }

    /// <summary>As whom it is looked at (<see cref="RecipientChoice"/>).</summary>
    public string? Recipient { get; init; }

    public string? To { get; init; }

    /// <summary>What was done, as a sentence.</summary>
    public string? Said { get; init; }

    /// <summary>What was not done, and why.</summary>
    public string? Refused { get; init; }

    /// <summary>Why the words could not be saved.</summary>
    public IReadOnlyList<TemplateError> Errors { get; init; } = [];

    public int Status { get; init; } = StatusCodes.Status200OK;

    public static EditState Of(EditForm form)
    {
        var (values, error) = FormValues.Read(form.Json, form.Inputs);
        return new(form.Source, values)
        {
            Unreadable = error is null ? null : form.Json,
            JsonError = error,
            IsExpert = form.IsExpert || error is not null,
            Sample = form.Sample,
            Contact = form.Contact,
            Recipient = form.Recipient,
            To = form.To,
        };
    }

    public EditState Refuse(string reason, int status = StatusCodes.Status400BadRequest) =>
        this with
        {
            Refused = reason,
            Status = status,
        };
}
