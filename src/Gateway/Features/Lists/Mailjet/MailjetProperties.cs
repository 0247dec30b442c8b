using System.Net;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Contact properties of the Mailjet account, all of them texts.</summary>
internal sealed class MailjetProperties(
    IMailjetApi api,
    [FromKeyedServices(MailjetLists.Key)] KnownProperties known,
    TimeProvider clock,
    ILogger<MailjetProperties> logger
) : ProviderProperties(known, logger)
{
    protected override bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';

    protected override async Task<(IEnumerable<string>, ListOutcome.Later?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadPropertiesAsync(ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Data: { } defined }
            ? (defined.Select(property => property.Name), null)
            : ([], answer.NotTold(MailjetLists.Name, MailjetLists.Settings, clock));
    }

    protected override async Task<(bool, ListOutcome.Later?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddPropertyAsync(new(name), ct);
        return answer switch
        {
            { StatusCode: HttpStatusCode.Created, IsSuccessful: true } => (false, null),
            { StatusCode: HttpStatusCode.BadRequest } => (
                !answer.Text().Contains("already exists", StringComparison.OrdinalIgnoreCase),
                null
            ),
            _ => (false, answer.NotTold(MailjetLists.Name, MailjetLists.Settings, clock)),
        };
    }
}
