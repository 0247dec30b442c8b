using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <param name="Kind">The queue it failed in: <c>submission</c>, <c>mail</c>, <c>list</c>, <c>sms</c> or <c>hook</c>.</param>
/// <param name="Code">Stable; of a submission such as <c>unknown_list</c>, else such as <c>mail_failed</c> or
/// <c>list_sync_failed</c>.</param>
/// <param name="Detail">A sentence without personal data.</param>
/// <param name="Count">How many failed like this, of the newest 100 of each kind.</param>
/// <param name="LastAt">When the newest of them came in.</param>
internal sealed record LastError(string Kind, string Code, string Detail, int Count, DateTime? LastAt);

/// <summary>What failed at a site and waits for a decision, for its owner: alike ones together. An operator sees each by itself.</summary>
internal sealed class LastErrors(FailedItems failed)
{
    private const int Newest = 100;
    private const int Max = 20;

    public async Task<IReadOnlyList<LastError>> ReadAsync(Guid siteId, CancellationToken ct) =>
        [
            .. (await failed.ListAsync(Newest, [siteId], ct))
                .Select(ErrorOf)
                .GroupBy(error => error with { LastAt = null })
                .Select(alike => alike.Key with { Count = alike.Count(), LastAt = alike.Max(error => error.LastAt) })
                .OrderByDescending(error => error.LastAt)
                .Take(Max),
        ];

    private static LastError ErrorOf(FailedItem item) =>
        new(KindOf(item.Queue), item.Code, item.Queue == "mail" ? $"A mail did not go out: {item.Reason}" : item.Reason, 1, item.Since);

    private static string KindOf(string queue) =>
        queue switch
        {
            "submissions" => "submission",
            "lists" => "list",
            "deliveries" => "hook",
            _ => queue,
        };
}
