using Gateway.Console.Story;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Submissions;

/// <summary>A submission in a list. Public, like the components, because Razor makes them so.</summary>
/// <param name="Who">The addresses it names, or what is known instead.</param>
/// <param name="State">In a word or two.</param>
/// <param name="Mark">Of the badge.</param>
/// <param name="Reason">Why it failed; null when it did not.</param>
public sealed record SubmissionRow(
    string Id,
    string Url,
    string Who,
    string Form,
    string State,
    string? Mark,
    string? Reason,
    DateTime ReceivedAt
)
{
    internal static SubmissionRow Of(Submission row, string url)
    {
        var content = SubmissionContent.Of(row);
        var id = PublicId.Format(PublicId.Submission, row.Id);
        var (state, mark) = WordOf(row);
        return new(
            id,
            $"{url}/{id}",
            content.Addresses.Count > 0 ? string.Join(", ", content.Addresses)
                : content.IsEmpty ? T("What was typed is erased")
                : content.AsksForList ? T("No address was found")
                : T("Asks for no list"),
            content.FormTitle ?? (row.FormId is { } form ? T($"Form {form}") : "–"),
            state,
            mark,
            TStored(row.Failure),
            row.ReceivedAt
        );
    }

    internal static (string State, string? Mark) WordOf(Submission row) =>
        row.FailureCode is not null ? (T("failed"), "bad")
        : row.State == SubmissionState.Waiting ? (T("waits"), "warn")
        : (T("done"), "good");
}

/// <summary>One submission with its story.</summary>
/// <param name="FailedUrl">Where it is tried again with another field or list; null where nothing is to be decided.</param>
/// <param name="Contacts">Those it is about, by their addresses.</param>
/// <param name="Body">What came in, once somebody asked to see it.</param>
public sealed record SubmissionModel(
    SubmissionRow Row,
    string? FormUrl,
    IReadOnlyList<string> ConsentTexts,
    IReadOnlyList<KeyValuePair<string, string>> Contacts,
    IReadOnlyList<StoryStep> Story,
    string? FailedUrl,
    string? Changed,
    bool IsErased,
    string? Body
);
