using Gateway.Features.Contacts;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>What came of a comparison of a list with its provider.</summary>
/// <param name="Here">People whom the provider was told of, and of whom nothing waits.</param>
/// <param name="There">People whom the provider has on the list.</param>
/// <param name="Left">Who left there, or is excluded.</param>
/// <param name="Unsubscribed">Those of them who left here too.</param>
/// <param name="Missing">Who is not there any more.</param>
/// <param name="Removed">Those of them who were taken off the list here.</param>
internal sealed record ListComparison(int Here, int There, int Left, int Unsubscribed, int Missing, int Removed)
{
    /// <summary>So many left or are missing that it is rather the list that is wrong: they stay as they are.</summary>
    public bool IsDoubtful => Missing > Removed || Left > Unsubscribed;
}

/// <summary>
/// Brings back what changed at a list's provider: who unsubscribed there leaves the list here, and who is not there any more is taken off.
/// Only people are looked at whom the provider confirmed to have, some time ago, and about whom nothing waits to be pushed.
/// </summary>
internal sealed partial class CompareList(
    GatewayDb db,
    ListProviders providers,
    SubscriptionStore subscriptions,
    RecordSuppression suppress,
    TimeProvider clock,
    ILogger<CompareList> logger
)
{
    /// <summary>The code of a refusal that another list of the provider would meet as well.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    private const int Page = 500;

    /// <summary>Providers show a change some time after they have taken it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Of those who left, and of those who are not there any more, at most so many are believed at once, or a twentieth of the list: a
    /// list that was emptied or mistaken must not end everybody's subscription.
    /// </summary>
    private const int MaxBelieved = 10;
    private const int MaxBelievedShare = 20;

    /// <summary>In a list of so many or more, more than half are never believed.</summary>
    private const int Few = 3;

    /// <param name="all">Whether to believe it however many left or are missing.</param>
    public async Task<Result<ListComparison>> CompareAsync(ContactList list, bool all, CancellationToken ct)
    {
        var before = clock.GetUtcNow().UtcDateTime - Settling;
        if ((await providers.OpenAsync(list, ct)).IsRefused(out var why, out var provider))
        {
            return why;
        }

        if (provider is not IListReader reader)
        {
            return Refusal.Invalid(
                "list",
                "This list is kept here, or its provider tells nobody who is on it: there is nothing to compare."
            );
        }

        var reading = await reader.ReadAsync(list, ct);
        if (reading.People is not { } people)
        {
            return Unreadable(reading.Failed);
        }

        var (here, left, missing) = (0, new List<Person>(), new List<Person>());
        await foreach (var person in SettledAsync(list, before, ct))
        {
            here++;
            if (!people.TryGetValue(person.Address.Key, out var member))
            {
                missing.Add(person);
            }
            else if (member.IsOff && IsOfNow(member, person))
            {
                left.Add(person);
            }
        }

        if ((await AskAgainAsync(list, reader, missing, here, all, ct)).IsRefused(out why, out var gone))
        {
            return why;
        }

        var leaving = all || IsBelieved(left.Count, here) ? left : [];
        var removed = all || IsBelieved(gone.Count, here) ? gone : [];
        foreach (var person in leaving)
        {
            await EndAsync(list, person, isRefusal: true, ct);
        }

        foreach (var person in removed)
        {
            await EndAsync(list, person, isRefusal: false, ct);
        }

        var compared = new ListComparison(here, people.Count, left.Count, leaving.Count, gone.Count, removed.Count);
        if (compared.IsDoubtful)
        {
            LogDoubtful(list.Id, left.Count, gone.Count, here);
        }

        return compared;
    }

    private static bool IsBelieved(int count, int here) =>
        count <= Math.Max(MaxBelieved, here / MaxBelievedShare) && (here < Few || 2 * count <= here);

    /// <summary>
    /// Somebody whom the provider did not take in full may be one whose exclusion a fresh confirmation could not lift: of them only what
    /// came after the confirmation counts.
    /// </summary>
    private static bool IsOfNow(ListMember member, Person person) => !person.HasRemark || member.Since > person.ConfirmedAt;

    /// <summary>
    /// A page shows nobody whom another's leaving moved to the page before it. So the provider is asked for each person who is missing, or,
    /// when an operator believes that many are, for the whole list once more.
    /// </summary>
    /// <returns>Who is not there. They are as they were when they are too many to be believed.</returns>
    private static async Task<Result<List<Person>>> AskAgainAsync(
        ContactList list,
        IListReader reader,
        List<Person> missing,
        int here,
        bool all,
        CancellationToken ct
    )
    {
        if (!IsBelieved(missing.Count, here))
        {
            if (!all)
            {
                return missing;
            }

            var again = await reader.ReadAsync(list, ct);
            return again.People is { } people ? missing.FindAll(one => !people.ContainsKey(one.Address.Key)) : Unreadable(again.Failed);
        }

        var gone = new List<Person>();
        foreach (var person in missing)
        {
            var alone = await reader.FindAsync(list, person.Address, ct);
            if (alone.Failed is { } failed)
            {
                return Unreadable(failed);
            }

            if (!alone.IsThere)
            {
                gone.Add(person);
            }
        }

        return gone;
    }

    private static Refusal Unreadable(ListOutcome? failed) =>
        new(
            RefusalKind.Conflict,
            failed is ListOutcome.Held { IsList: false } ? ProviderUnavailable : "list_unreadable",
            failed?.Why ?? "The provider gave no answer that can be used."
        );

    private async IAsyncEnumerable<Person> SettledAsync(
        ContactList list,
        DateTime before,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var after = Guid.Empty; ; )
        {
            var rows = await Settled(list.Id, before)
                .Where(row => row.Id > after)
                .OrderBy(row => row.Id)
                .Take(Page)
                .Select(row => new
                {
                    row.Id,
                    row.SubscriptionId,
                    row.DesiredVersion,
                    HasRemark = row.Remark != null,
                })
                .ToListAsync(ct);
            if (rows.Count == 0)
            {
                yield break;
            }

            after = rows[^1].Id;
            var known = await subscriptions.GetManyAsync([.. rows.Select(row => row.SubscriptionId)], ct);
            foreach (var row in rows)
            {
                if (known.TryGetValue(row.SubscriptionId, out var one) && EmailAddress.Parse(one.Contact.Address) is { } address)
                {
                    yield return new(row.Id, row.DesiredVersion, address, one.Subscription.ConfirmedAt, row.HasRemark);
                }
            }
        }
    }

    /// <summary>Whom the provider has taken, and about whom it is to hear nothing more.</summary>
    private IQueryable<ListSync> Settled(Guid listId, DateTime before) =>
        db
            .ListSyncs.AsNoTracking()
            .Where(row =>
                row.ListId == listId
                && row.Desired == DesiredState.Subscribed
                && row.Synced == DesiredState.Subscribed
                && row.DueAt == null
                && row.Failure == null
                && row.SyncedAt < before
            );

    private async Task EndAsync(ContactList list, Person person, bool isRefusal, CancellationToken ct)
    {
        await db.WriteAsync(
            async () =>
            {
                // Who confirmed afresh while the provider was read is on the list.
                var same = db.ListSyncs.Where(row =>
                    row.Id == person.SyncId && row.DesiredVersion == person.Version && row.DueAt == null
                );
                if (await same.LockAsync(ct) == 0)
                {
                    return;
                }

                if (isRefusal)
                {
                    const string detail = "Unsubscribed at the list's provider.";
                    await suppress.RecordAsync(
                        new(list.SiteId, person.Address, SuppressionReason.Unsubscribed, list.Provider, detail, MessageId: null, list.Id),
                        ct
                    );
                }
                else
                {
                    await suppress.RemoveAsync(list.SiteId, person.Address, list.Id, list.Provider, ct);
                }
            },
            ct
        );

        // What is tracked of one person would be looked through for each of the next.
        db.ChangeTracker.Clear();
    }

    private sealed record Person(Guid SyncId, int Version, EmailAddress Address, DateTime? ConfirmedAt, bool HasRemark);

    [LoggerMessage(
        LogLevel.Warning,
        "List {ListId}: {Left} of {Here} people left it at its provider, and {Missing} are not there any more. That is too many to "
            + "believe: they stay; is it the right list?"
    )]
    private partial void LogDoubtful(Guid listId, int left, int missing, int here);
}
