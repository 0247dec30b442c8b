using System.Net;

namespace Gateway.Features.Lists.Brevo;

/// <summary>
/// Contact attributes of the Brevo account; those that are made here are texts. Brevo drops a value without a word when it has no such
/// attribute.
/// </summary>
internal sealed class BrevoAttributes(IBrevoApi api, KnownProperties known, TimeProvider clock, ILogger<BrevoAttributes> logger)
    : ProviderProperties(BrevoLists.Name, known, logger)
{
    protected override bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    protected override string Written(string name) => name.ToUpperInvariant();

    protected override async Task<(IEnumerable<ProviderProperty>, Verdict?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadAttributesAsync(ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Attributes: { } defined }
            ? (defined.Select(attribute => new ProviderProperty(attribute.Name, TypeOf(attribute.Type))), null)
            : ([], BrevoAnswers.Judge(ProviderAnswer.Of(answer, clock)));
    }

    protected override async Task<(ProviderProperty?, Verdict?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddAttributeAsync(name, new("text"), ct);
        return answer.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.NoContent => (Text(name), null),
            HttpStatusCode.BadRequest => (
                ProviderAnswer.Of(answer, clock).Text.Contains("unique", StringComparison.OrdinalIgnoreCase) ? Text(name) : null,
                null
            ),
            _ => (null, BrevoAnswers.Judge(ProviderAnswer.Of(answer, clock))),
        };
    }

    private static PropertyType TypeOf(string? type) =>
        type switch
        {
            "date" => PropertyType.Date,
            "float" => PropertyType.Number,
            "boolean" => PropertyType.Boolean,
            _ => PropertyType.Text,
        };
}
