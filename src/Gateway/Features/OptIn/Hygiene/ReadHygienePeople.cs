using System.Globalization;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>GET /v1/hygiene/people and /v1/hygiene/people.csv — who on the lists is worth a look, for one reason or for all.</summary>
internal static class ReadHygienePeople
{
    private const int Default = 100;
    private const int Max = 1000;

    /// <param name="Next">What to send as <c>after</c> to read on; null at the end.</param>
    public sealed record Response(IReadOnlyList<Person> Items, string? Next);

    /// <param name="Contact">The contact's id, con_….</param>
    /// <param name="List">The list's id, lst_….</param>
    /// <param name="LastSignOfLife">The last day, UTC, on which they confirmed, chose what they keep, or followed a link of a mail.</param>
    /// <param name="BounceDays">On how many days in a row mail came back; null for any other reason.</param>
    /// <param name="Suggestion">The address that was probably meant; null where it is not mistyped.</param>
    public sealed record Person(string Contact, string Email, string List, DateOnly? LastSignOfLife, int? BounceDays, string? Suggestion);

    private static readonly string Expected =
        $"reason is one of {string.Join(", ", Enum.GetValues<HygieneReason>().Select(one => CaseConverter.Lower(one.ToString())))}.";

    public static void Map(RouteGroupBuilder group)
    {
        group
            .MapGet("/people", HandleAsync)
            .WithName(nameof(ReadHygienePeople))
            .WithSummary("Who on the site's lists is worth a look for a reason");
        group
            .MapGet("/people.csv", DownloadAsync)
            .WithName(nameof(ReadHygienePeople) + "Csv")
            .WithSummary("Who on the site's lists is worth a look, as CSV")
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <returns>Null when there is no such reason.</returns>
    public static HygieneReason? ReasonOf(string? text) =>
        Enum.GetValues<HygieneReason>()
            .Where(reason => CaseConverter.Lower(reason.ToString()) == text)
            .Select(reason => (HygieneReason?)reason)
            .FirstOrDefault();

    /// <param name="reason"><c>silent</c>, <c>bouncing</c>, <c>typo</c>, <c>disposable</c> or <c>role</c>.</param>
    /// <param name="list">The list's id, lst_…; all of them when left out.</param>
    /// <param name="months">From so many months without a sign of life on somebody is silent: 1 to 36, 6 when left out.</param>
    /// <param name="limit">How many at most, 1 to 1000; 100 when left out.</param>
    /// <param name="after">The value of <c>next</c> from the page before.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? reason,
        string? list,
        string? months,
        string? limit,
        string? after,
        CallingSite site,
        HygieneFigures figures,
        HygieneReport report,
        AddressFlaws flaws,
        CancellationToken ct
    )
    {
        if (ReasonOf(reason) is not { } wanted)
        {
            return Problems.Invalid("reason", Expected);
        }

        var count = Default;
        if (
            limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > Max)
        )
        {
            return Problems.Invalid("limit", $"limit is a number from 1 to {Max}.");
        }

        var start = HygienePlace.Parse(after);
        if (after is not null && start is null)
        {
            return Problems.Invalid("after", "after is the value of next from the page before.");
        }

        var asked = await figures.QuestionAsync(site.Id, list, months, ct);
        if (asked.IsRefused(out var why, out var question))
        {
            return Problems.Of(why);
        }

        // One more than asked for tells whether there is another page.
        var read = await report.PageAsync(question, wanted, start, count + 1, ct);
        var rows = read.Take(count).ToList();
        return TypedResults.Ok(
            new Response(
                rows.ConvertAll(row => new Person(
                    PublicId.Format(PublicId.Contact, row.ContactId),
                    row.Address,
                    PublicId.Format(PublicId.List, row.ListId),
                    row.LastSignOn,
                    row.Reason == HygieneReason.Bouncing ? row.Days : null,
                    row.Reason == HygieneReason.Typo ? flaws.Suggestion(row.Address) : null
                )),
                read.Count > count ? HygienePlace.After(rows[^1]).ToString() : null
            )
        );
    }

    /// <param name="reason">One of the reasons; all of them when left out.</param>
    /// <inheritdoc cref="HandleAsync"/>
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> DownloadAsync(
        string? reason,
        string? list,
        string? months,
        CallingSite site,
        HygieneFigures figures,
        HygieneCsv csv,
        CancellationToken ct
    )
    {
        var wanted = ReasonOf(reason);
        if (reason is not null && wanted is null)
        {
            return Problems.Invalid("reason", Expected);
        }

        var asked = await figures.QuestionAsync(site.Id, list, months, ct);
        return asked.IsRefused(out var why, out var question)
            ? Problems.Of(why)
            : TypedResults.Stream(
                output => csv.WriteAsync([question], wanted is { } one ? [one] : null, output, ct),
                HygieneCsv.MediaType,
                HygieneCsv.FileName
            );
    }
}
