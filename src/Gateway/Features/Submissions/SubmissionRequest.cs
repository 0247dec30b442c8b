using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Submissions;

/// <summary>A submission as the sender describes it.</summary>
/// <param name="Key">Made once by the sender and kept over its retries; 1–100 characters.</param>
/// <param name="SubmittedAt">When the visitor pressed the button.</param>
/// <param name="Fields">Every field of the form by its name; at most 200.</param>
/// <param name="Subscribe">The lists the visitor may have asked for; none means that the submission is only kept.</param>
internal sealed record SubmissionRequest(
    string Key,
    DateTimeOffset? SubmittedAt,
    FormInput? Form,
    IReadOnlyDictionary<string, FieldValue>? Fields,
    VisitorInput? Visitor,
    IReadOnlyList<SubscribeInput>? Subscribe
)
{
    private static readonly Dictionary<string, FieldValue> NoFields = [];

    /// <returns>A stored body as the sender described it; null when it cannot be read.</returns>
    public static SubmissionRequest? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<SubmissionRequest>(body, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The fields of a stored body, by name; none when it cannot be read.</returns>
    public static IReadOnlyDictionary<string, FieldValue> FieldsIn(byte[] body) => Read(body)?.Fields ?? NoFields;
}

/// <param name="Locale">Of the form, such as <c>fr_FR</c>; it decides the language of mails and pages.</param>
internal sealed record FormInput(string? Id, string? Title, string? Url, string? Locale);

internal sealed record VisitorInput(string? Ip, string? UserAgent);

/// <param name="List">The list's id, <c>lst_…</c>.</param>
/// <param name="Email">The name of the field that holds the address.</param>
/// <param name="Name">The name of the field that holds the person's name.</param>
/// <param name="Properties">Contact property by the name of the field that holds its value.</param>
internal sealed record SubscribeInput(
    string? List,
    string? Email,
    string? Name,
    IReadOnlyDictionary<string, string>? Properties,
    ConsentInput? Consent
);

/// <param name="Given">Whether the visitor ticked the box. Without it nobody is written to.</param>
/// <param name="Text">The words beside the box.</param>
internal sealed record ConsentInput(bool Given, string? Text, string? PolicyUrl, string? PolicyVersion);

/// <summary>The value of a form field: one text, or several where the field allows a choice of many.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct FieldValue(IReadOnlyList<string> Texts)
{
    public string First => Texts is [var first, ..] ? first : "";

    public override string ToString() => Texts is null ? "" : string.Join(", ", Texts);

    internal sealed class Converter : JsonConverter<FieldValue>
    {
        private const string Expected = "A field's value is a text, a number, true or false, or a list of those";

        public override FieldValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return reader.TokenType == JsonTokenType.Null ? new([]) : new([TextOf(ref reader)]);
            }

            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                texts.Add(TextOf(ref reader));
            }

            return new(texts);
        }

        private static string TextOf(ref Utf8JsonReader reader) =>
            ApiJson.TextOf(ref reader) ?? throw new JsonTypeException($"{Expected}, not {ApiJson.NameOf(reader.TokenType)}.");

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, FieldValue value, JsonSerializerOptions options)
        {
            if (value.Texts is [var only])
            {
                writer.WriteStringValue(only);
            }
            else
            {
                JsonSerializer.Serialize(writer, value.Texts ?? [], options);
            }
        }
    }
}

/// <summary>
/// Shape and size of a submission. Whether its lists exist and its addresses make sense is found out later, and then shown, not refused.
/// </summary>
internal sealed class SubmissionValidator : AbstractValidator<SubmissionRequest>
{
    public const int MaxFields = 200;
    private const int MaxLists = 20;

    public SubmissionValidator()
    {
        RuleFor(request => request.Key)
            .NotEmpty()
            .WithMessage("key is needed: a text made once for this submission and kept over retries.")
            .MaximumLength(100)
            .WithMessage("key may have at most 100 characters.");
        RuleFor(request => request.Fields).NotNull().WithMessage("fields is needed: an object of the form's fields.");
        RuleFor(request => request)
            .Custom(
                (request, context) =>
                {
                    CheckFields(request, context);
                    CheckSubscribe(request, context);
                    CheckTexts(request, context);
                }
            );
    }

    private static void CheckFields(SubmissionRequest request, ValidationContext<SubmissionRequest> context)
    {
        if (request.Fields is not { } fields)
        {
            return;
        }

        if (fields.Count > MaxFields)
        {
            context.AddFailure("fields", $"A form may have at most {MaxFields} fields.");
        }

        foreach (var (name, value) in fields)
        {
            if (name.Length is 0 or > 200 || name.Contains('\0'))
            {
                context.AddFailure("fields", "The name of a field has 1 to 200 characters and no NUL.");
            }
            else if (value.Texts.Any(text => text is null || text.Contains('\0')))
            {
                context.AddFailure($"fields.{name}", "A field's value is a text or a list of texts, without NUL characters.");
            }
        }
    }

    private static void CheckSubscribe(SubmissionRequest request, ValidationContext<SubmissionRequest> context)
    {
        if (request.Subscribe is not { } commands)
        {
            return;
        }

        if (commands.Count > MaxLists)
        {
            context.AddFailure("subscribe", $"A submission may subscribe to at most {MaxLists} lists.");
        }

        for (var at = 0; at < commands.Count; at++)
        {
            var command = commands[at];
            if (command is null)
            {
                context.AddFailure($"subscribe[{at}]", "An entry of subscribe is an object.");
                continue;
            }

            if (string.IsNullOrEmpty(command.List))
            {
                context.AddFailure($"subscribe[{at}].list", "list is needed: the id of a list, lst_….");
            }

            if (command.Consent is null)
            {
                context.AddFailure($"subscribe[{at}].consent", "consent is needed: whether it was given, and the words that were shown.");
            }
            else if (command.Consent is { Given: true, Text: null or "" })
            {
                context.AddFailure(
                    $"subscribe[{at}].consent.text",
                    "The words that were shown are needed when consent was given: they are the proof."
                );
            }
        }
    }

    private static void CheckTexts(SubmissionRequest request, ValidationContext<SubmissionRequest> context)
    {
        Check("form.id", request.Form?.Id, 100);
        Check("form.title", request.Form?.Title, 500);
        Check("form.url", request.Form?.Url, 2000);
        Check("form.locale", request.Form?.Locale, 200);
        Check("visitor.ip", request.Visitor?.Ip, 100);
        Check("visitor.userAgent", request.Visitor?.UserAgent, 2000);
        Check("key", request.Key, 100);
        for (var at = 0; at < (request.Subscribe?.Count ?? 0); at++)
        {
            var command = request.Subscribe![at];
            Check("list", command?.List, 100, at);
            Check("email", command?.Email, 200, at);
            Check("name", command?.Name, 200, at);
            Check("consent.text", command?.Consent?.Text, 10_000, at);
            Check("consent.policyUrl", command?.Consent?.PolicyUrl, 2000, at);
            Check("consent.policyVersion", command?.Consent?.PolicyVersion, 100, at);
            foreach (var (property, field) in command?.Properties ?? new Dictionary<string, string>())
            {
                Check("properties", property, 100, at);
                Check($"properties.{property}", field, 200, at);
            }
        }

        // The whole name is put together only for an error: this runs for every submission.
        void Check(string member, string? text, int most, int? command = null)
        {
            var error =
                text?.Length > most ? $"may have at most {most} characters."
                : text?.Contains('\0') == true ? "holds a NUL character."
                : null;
            if (error is not null)
            {
                var name = command is { } at ? $"subscribe[{at}].{member}" : member;
                context.AddFailure(name, $"{name} {error}");
            }
        }
    }
}
