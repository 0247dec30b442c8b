using System.Net;

namespace Gateway.Features.Lists.MailerLite;

/// <summary>Fields of the MailerLite account; those that are made here are texts, and MailerLite makes their keys.</summary>
internal sealed class MailerLiteFields(IMailerLiteApi api, KnownProperties known, TimeProvider clock, ILogger<MailerLiteFields> logger)
    : ProviderProperties(MailerLiteLists.Name, known, logger)
{
    protected override bool IsAllowed(char letter) => !char.IsControl(letter);

    protected override async Task<(IEnumerable<ProviderProperty>, Verdict?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadFieldsAsync(ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Data: { } defined }
            ? (defined.Where(field => field.Key is not null).Select(Of), null)
            : ([], MailerLiteAnswers.Judge(ProviderAnswer.Of(answer, clock)));
    }

    protected override async Task<(ProviderProperty?, Verdict?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddFieldAsync(new(name), ct);
        return answer switch
        {
            { StatusCode: HttpStatusCode.Created or HttpStatusCode.OK, IsSuccessful: true, Content.Data: { Key: not null } field } => (
                Of(field),
                null
            ),
            { StatusCode: HttpStatusCode.UnprocessableEntity } => (null, null),
            _ => (null, MailerLiteAnswers.Judge(ProviderAnswer.Of(answer, clock))),
        };
    }

    private static ProviderProperty Of(MailerLiteField field) => new(field.Key!, TypeOf(field.Type), field.Name);

    private static PropertyType TypeOf(string? type) =>
        type switch
        {
            "number" => PropertyType.Number,
            "date" => PropertyType.Date,
            _ => PropertyType.Text,
        };
}
