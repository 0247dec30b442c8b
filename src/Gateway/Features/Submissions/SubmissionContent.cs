using Gateway.Infrastructure.Text;

namespace Gateway.Features.Submissions;

/// <summary>What stands in a submission, for people who look at it.</summary>
/// <param name="FormTitle">Null where the sender named none.</param>
/// <param name="FormUrl">The page that the form stands on.</param>
/// <param name="Addresses">Those that it asks to write to, as they are understood now.</param>
/// <param name="AsksForList">Whether it asks to join any.</param>
/// <param name="ConsentTexts">The words beside the boxes that were ticked.</param>
/// <param name="IsEmpty">Whether what was typed is gone: the person was erased, or never confirmed.</param>
internal sealed record SubmissionContent(
    string? FormTitle,
    string? FormUrl,
    IReadOnlyList<string> Addresses,
    bool AsksForList,
    IReadOnlyList<string> ConsentTexts,
    bool IsEmpty
)
{
    public static SubmissionContent Of(Submission row)
    {
        var request = SubmissionRequest.Read(row.Body);
        var fields = request?.Fields;
        List<SubscribeInput> asked = request is null ? [] : [.. SubmissionPlan.AskedFor(request, row)];
        return new(
            request?.Form?.Title,
            request?.Form?.Url,
            [
                .. asked
                    .Select(one => one.Email is { } field && fields?.TryGetValue(field, out var typed) == true ? typed.First : "")
                    .Where(typed => typed.Length > 0)
                    .Select(typed => EmailAddress.Parse(typed)?.Text ?? typed)
                    .Distinct(StringComparer.Ordinal),
            ],
            asked.Count > 0,
            [.. asked.Select(one => one.Consent?.Text).OfType<string>().Distinct(StringComparer.Ordinal)],
            row.Body.AsSpan().SequenceEqual("{}"u8)
        );
    }
}
