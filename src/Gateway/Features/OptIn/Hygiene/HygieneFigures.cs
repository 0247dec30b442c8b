using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>How the lists of a site stand.</summary>
/// <param name="Months">From so many months without a sign of life on somebody is silent.</param>
/// <param name="Confirmed">How many are on the lists; a person on two lists counts twice, here and below.</param>
/// <param name="Bouncing">Mail to them came back on three days in a row or more, for a reason that may pass.</param>
/// <param name="Typo">The domain is that of a large mailbox provider, mistyped.</param>
/// <param name="Disposable">The domain gives away throw-away addresses.</param>
/// <param name="Role">The address is that of a function, such as <c>info@</c>.</param>
internal sealed record HygieneCounts(
    int Months,
    int Confirmed,
    int Silent,
    int Bouncing,
    int Typo,
    int Disposable,
    int Role,
    IReadOnlyList<HygieneCounts.OfList> Lists
)
{
    /// <summary>How asking whether people stay stands on a list.</summary>
    /// <param name="ToAsk">Silent, and not asked within twelve months. At most so many are asked: not who refused mail, or cannot get
    /// any.</param>
    /// <param name="Waiting">Their mail has not left yet, or there is time left to answer it.</param>
    /// <param name="Unanswered">Their mail left, and the time is over without an answer; they stay until somebody takes them off.</param>
    /// <param name="Running">What goes on at this moment: <c>ask</c>, <c>remove</c>.</param>
    internal sealed record OfList(ListRef List, int ToAsk, int Waiting, int Unanswered, IReadOnlyList<string> Running);

    internal sealed record ListRef(string Id, string Name);

    public int Of(HygieneReason reason) =>
        reason switch
        {
            HygieneReason.Silent => Silent,
            HygieneReason.Bouncing => Bouncing,
            HygieneReason.Typo => Typo,
            HygieneReason.Disposable => Disposable,
            _ => Role,
        };
}

/// <summary>Reads questions about lists as callers write them, and counts the answers.</summary>
internal sealed class HygieneFigures(
    GatewayDb db,
    ListStore lists,
    HygieneReport report,
    RepermissionStore asked,
    IOptions<HygieneOptions> options,
    TimeProvider clock
)
{
    /// <param name="list">Null for all lists of the site.</param>
    /// <param name="months">A text, so that a wrong one is answered with the name of the field; null for six.</param>
    public async Task<Result<HygieneQuestion>> QuestionAsync(Guid siteId, string? list, string? months, CancellationToken ct)
    {
        var back = HygieneQuestion.DefaultMonths;
        if (
            months is not null
            && (!int.TryParse(months, NumberStyles.None, CultureInfo.InvariantCulture, out back) || MonthsError(back) is not null)
        )
        {
            return Refusal.Invalid("months", MonthsError(0)!);
        }

        var found = list is null ? null : await lists.FindAsync(siteId, list, ct);
        return list is not null && found is null
            ? Refusal.Invalid("list", "There is no such list at this site.")
            : new HygieneQuestion(siteId, found?.Id, back, HygieneQuestion.Before(clock.GetUtcNow(), back));
    }

    /// <returns>What is wrong with a number of months; null when nothing.</returns>
    public static string? MonthsError(int months) =>
        months is >= 1 and <= HygieneQuestion.MaxMonths ? null : $"months is a number from 1 to {HygieneQuestion.MaxMonths}.";

    /// <returns>How many people of a list would be asked now, at most: who refused mail, or cannot get any, is counted too.</returns>
    /// <param name="question">About one list.</param>
    public async Task<int> CountToAskAsync(HygieneQuestion question, CancellationToken ct)
    {
        var list = question.ListId!.Value;
        return (await report.CountSilentAsync(question, ct)).GetValueOrDefault(list)
            - (await asked.CountAskedAsync(question, ct)).GetValueOrDefault(list);
    }

    /// <summary>How many people of a site's lists are worth a look, without a word of each list.</summary>
    public async Task<HygieneCounts> CountAllAsync(Guid siteId, CancellationToken ct)
    {
        var months = HygieneQuestion.DefaultMonths;
        var question = new HygieneQuestion(siteId, null, months, HygieneQuestion.Before(clock.GetUtcNow(), months));
        return await CountAsync(question, await report.CountSilentAsync(question, ct), [], ct);
    }

    public async Task<HygieneCounts> CountAsync(HygieneQuestion question, CancellationToken ct)
    {
        var mine = (await lists.OfSiteAsync(question.SiteId, ct)).FindAll(list => question.ListId is null || list.Id == question.ListId);
        var ids = mine.ConvertAll(list => list.Id);
        var running = (await RunningAsync(ids, ct)).ToLookup(round => round.ListId);
        var answers = await asked.CountAsync(ids, options.Value.TooLate(clock), ct);
        var (silent, known) = (await report.CountSilentAsync(question, ct), await asked.CountAskedAsync(question, ct));
        var standing = mine.ConvertAll(list => new HygieneCounts.OfList(
            new(PublicId.Format(PublicId.List, list.Id), list.Name),
            silent.GetValueOrDefault(list.Id) - known.GetValueOrDefault(list.Id),
            answers.GetValueOrDefault(list.Id)?.Waiting ?? 0,
            answers.GetValueOrDefault(list.Id)?.Unanswered ?? 0,
            [.. running[list.Id].Select(round => CaseConverter.Lower(round.Decision.ToString()))]
        ));
        return await CountAsync(question, silent, standing, ct);
    }

    private async Task<HygieneCounts> CountAsync(
        HygieneQuestion question,
        Dictionary<Guid, int> silent,
        IReadOnlyList<HygieneCounts.OfList> standing,
        CancellationToken ct
    )
    {
        var others = await report.CountOthersAsync(question, ct);
        return new(
            question.Months,
            await report.CountConfirmedAsync(question, ct),
            silent.Values.Sum(),
            others[HygieneReason.Bouncing],
            others[HygieneReason.Typo],
            others[HygieneReason.Disposable],
            others[HygieneReason.Role],
            standing
        );
    }

    private Task<List<HygieneRound>> RunningAsync(List<Guid> listIds, CancellationToken ct) =>
        db
            .HygieneRounds.AsNoTracking()
            .Where(round => listIds.Contains(round.ListId) && round.EndedAt == null && round.Decision != HygieneDecision.Resend)
            .OrderBy(round => round.Id)
            .ToListAsync(ct);
}
