using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Features.Imports;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;

namespace Gateway.Console.Live;

/// <summary>Something that changes by itself while somebody looks at it.</summary>
/// <param name="Name">Whoever follows the same has the same name.</param>
/// <param name="Read">Reads how it stands, as a text that is another one after each change; null when there is no such thing.</param>
internal sealed record LiveTopic(string Name, Func<IServiceProvider, CancellationToken, Task<string?>> Read)
{
    /// <summary>The counts of the sites that somebody may see.</summary>
    public static LiveTopic Overview(AdminRoles access) =>
        new(
            $"overview {access.ToText()}",
            async (scope, ct) =>
                string.Join(
                    '\n',
                    (await scope.GetRequiredService<DayFigures>().CountsAsync(ct))
                        .Where(one => access.May(one.Key, SiteRights.See))
                        .OrderBy(one => one.Key)
                        .Select(one => $"{one.Key:N} {TextOf(one.Value)}")
                ) + await FindingsAsync(access.Seen, scope, ct)
        );

    public static LiveTopic Site(Guid siteId) =>
        new(
            $"site {siteId:N}",
            async (scope, ct) =>
                TextOf((await scope.GetRequiredService<DayFigures>().CountsAsync(ct)).GetValueOrDefault(siteId))
                + string.Join(
                    ' ',
                    (await scope.GetRequiredService<DayFigures>().OfSiteAsync(siteId, ct)).People.Series.Select(one => one.Sum)
                )
                + await FindingsAsync([siteId], scope, ct)
        );

    public static LiveTopic? Submission(Guid siteId, string id) =>
        Of(
            PublicId.Submission,
            siteId,
            id,
            async (key, scope, ct) =>
            {
                if (await scope.GetRequiredService<SubmissionStore>().FindAsync(siteId, key, ct) is not { } row)
                {
                    return null;
                }

                var requests = await scope.GetRequiredService<SignUps>().OfSubmissionAsync(siteId, key, ct);
                var mails = await scope.GetRequiredService<MessageStore>().OfRequestsAsync([.. requests.Select(one => one.MailOf)], ct);
                var syncs = await scope
                    .GetRequiredService<ListSyncHistory>()
                    .OfSubscriptionsAsync([.. requests.Select(one => one.SubscriptionId)], ct);
                return string.Join(
                    '\n',
                    [
                        $"{row.State} {row.FailureCode}",
                        .. requests.Select(one => $"{one.State} {one.HeldFor}"),
                        .. mails.Select(TextOf),
                        .. syncs.Values.Select(one => $"{one.SyncedAt:O} {one.Failure} {one.DueAt:O}"),
                    ]
                );
            }
        );

    public static LiveTopic? Message(Guid siteId, string id) =>
        Of(
            PublicId.Message,
            siteId,
            id,
            async (key, scope, ct) =>
            {
                var messages = scope.GetRequiredService<MessageStore>();
                return await messages.FindAsync(siteId, key, ct) is { } row
                    ? $"{TextOf(row)} {(await messages.EventsOfAsync([row.Id], ct)).Count}"
                    : null;
            }
        );

    public static LiveTopic? Sms(Guid siteId, string id) =>
        Of(
            PublicId.Sms,
            siteId,
            id,
            async (key, scope, ct) =>
                await scope.GetRequiredService<SmsStore>().FindAsync(siteId, key, ct) is { } row
                    ? $"{row.State} {row.Tries} {row.SentAt:O} {row.DeliveredAt:O} {row.Price} {row.FailureCode} {row.UsedAt:O}"
                    : null
        );

    public static LiveTopic? Import(Guid siteId, string id) =>
        Of(
            PublicId.Import,
            siteId,
            id,
            async (_, scope, ct) =>
                await scope.GetRequiredService<DecideImport>().FindAsync(siteId, id, ct) is { } row
                    ? System.Text.Json.JsonSerializer.Serialize(ImportResponse.Of(row))
                    : null
        );

    /// <summary>How far a decision about many failures is.</summary>
    public static LiveTopic Decision(Guid id) =>
        new(
            $"decision {id:N}",
            async (scope, ct) =>
                await scope.GetRequiredService<BulkDecisions>().FindAsync(id, ct) is { } row
                    ? $"{row.Done} {row.Refused} {row.EndedAt:O}"
                    : null
        );

    /// <summary>One thing of a site: nobody who follows a thing of another site has the same name.</summary>
    /// <returns>Null where the id is none of this kind.</returns>
    private static LiveTopic? Of(
        string prefix,
        Guid siteId,
        string id,
        Func<Guid, IServiceProvider, CancellationToken, Task<string?>> read
    ) => PublicId.Parse(prefix, id) is { } key ? new($"{prefix} {siteId:N} {key:N}", (scope, ct) => read(key, scope, ct)) : null;

    /// <summary>What is wrong at some sites, or at all, and what is held up.</summary>
    private static async Task<string> FindingsAsync(IReadOnlyCollection<Guid>? sites, IServiceProvider scope, CancellationToken ct)
    {
        var findings = await scope.GetRequiredService<SiteFindings>().ListAsync(sites, ct);
        var open = await scope.GetRequiredService<Outages>().OpenAsync(ct);
        var held = open.Where(one => sites is null || one.SiteId is not { } site || sites.Contains(site));
        return string.Join(
            '\n',
            [.. findings.Select(one => $"{one.Id:N} {one.Text}"), .. held.Select(one => $"{one.Id:N} {one.Reason}")]
        );
    }

    private static string TextOf(SiteFigure? figure) =>
        figure is null
            ? ""
            : $"{figure.Waiting} {figure.Failed} {figure.SentToday} {figure.Mails.Bounced} {figure.Mails.Complained} "
                + $"{figure.Thresholds.Count} ";

    private static string TextOf(Message mail) => $"{mail.State} {mail.Attempts} {mail.SentAt:O} {mail.DeliveredAt:O} {mail.HeldBy}";
}
