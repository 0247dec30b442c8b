using System.Net;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Contact properties of the Mailjet account; those that are made here are texts.</summary>
internal sealed class MailjetProperties(IMailjetApi api, KnownProperties known, TimeProvider clock, ILogger<MailjetProperties> logger)
    : ProviderProperties(MailjetLists.Name, known, logger)
{
    protected override bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';

    protected override async Task<(IEnumerable<ProviderProperty>, Verdict?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadPropertiesAsync(ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Data: { } defined }
            ? (defined.Select(property => new ProviderProperty(property.Name, TypeOf(property.Datatype))), null)
            : ([], MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock)));
    }

    protected override async Task<(ProviderProperty?, Verdict?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddPropertyAsync(new(name), ct);
        return answer switch
        {
            { StatusCode: HttpStatusCode.Created, IsSuccessful: true } => (Text(name), null),
            { StatusCode: HttpStatusCode.BadRequest } => (
                ProviderAnswer.Of(answer, clock).Text.Contains("already exists", StringComparison.OrdinalIgnoreCase) ? Text(name) : null,
                null
            ),
            _ => (null, MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock))),
        };
    }

    private static PropertyType TypeOf(string? type) =>
        type switch
        {
            "int" => PropertyType.WholeNumber,
            "float" => PropertyType.Number,
            "bool" => PropertyType.Boolean,
            "datetime" => PropertyType.Moment,
            _ => PropertyType.Text,
        };
}
