using System.Net;

namespace Gateway.Features.Lists.Brevo;

/// <summary>
/// Contact attributes of the Brevo account, all of them texts. Brevo drops a value without a word when it has no such attribute.
/// </summary>
internal sealed class BrevoAttributes(
    IBrevoApi api,
    [FromKeyedServices(BrevoLists.Key)] KnownProperties known,
    TimeProvider clock,
    ILogger<BrevoAttributes> logger
) : ProviderProperties(known, logger)
{
    protected override bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    protected override string Written(string name) => name.ToUpperInvariant();

    protected override async Task<(IEnumerable<string>, ListOutcome.Later?)> ReadAsync(CancellationToken ct)
    {
        using var answer = await api.ReadAttributesAsync(ct);
        return answer is { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Attributes: { } defined }
            ? (defined.Select(attribute => attribute.Name), null)
            : ([], answer.NotTold(BrevoLists.Name, BrevoLists.Settings, clock));
    }

    protected override async Task<(bool, ListOutcome.Later?)> AddAsync(string name, CancellationToken ct)
    {
        using var answer = await api.AddAttributeAsync(name, new("text"), ct);
        return answer.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.NoContent => (false, null),
            HttpStatusCode.BadRequest => (!answer.Text().Contains("unique", StringComparison.OrdinalIgnoreCase), null),
            _ => (false, answer.NotTold(BrevoLists.Name, BrevoLists.Settings, clock)),
        };
    }
}
