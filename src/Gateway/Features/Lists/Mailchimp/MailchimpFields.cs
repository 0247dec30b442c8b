using System.Net;

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>Merge fields of one list at Mailchimp; those that are made here are texts, and Mailchimp gives them their tags.</summary>
internal sealed class MailchimpFields(
    IMailchimpApi api,
    string list,
    KnownProperties known,
    TimeProvider clock,
    ILogger<MailchimpFields> logger
) : ProviderProperties(MailchimpLists.Name, known, logger)
{
    /// <summary>Every list has these, and people's templates greet with them.</summary>
    public const string FirstName = "FNAME";
    public const string LastName = "LNAME";

    protected override bool IsAllowed(char letter) => !char.IsControl(letter);

    protected override async Task<(IEnumerable<ProviderProperty>, Verdict?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadFieldsAsync(list, ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.MergeFields: { } defined }
            ? (defined.Where(field => field.Tag is not null).Select(Of), null)
            : ([], MailchimpAnswers.Judge(ProviderAnswer.Of(answer, clock)));
    }

    protected override async Task<(ProviderProperty?, Verdict?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddFieldAsync(list, new(name), ct);
        return answer switch
        {
            { StatusCode: HttpStatusCode.OK or HttpStatusCode.Created, IsSuccessful: true, Content: { Tag: not null } field } => (
                Of(field),
                null
            ),
            { StatusCode: HttpStatusCode.BadRequest } => (null, null),
            _ => (null, MailchimpAnswers.Judge(ProviderAnswer.Of(answer, clock))),
        };
    }

    private static ProviderProperty Of(MailchimpField field) => new(field.Tag!, TypeOf(field.Type), field.Name);

    private static PropertyType TypeOf(string? type) =>
        type switch
        {
            "number" => PropertyType.Number,
            "date" => PropertyType.Date,
            _ => PropertyType.Text,
        };
}
