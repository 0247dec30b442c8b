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
/// <param name="Unsubscribed">Who left there: they left here too.</param>
/// <param name="Missing">Who is not there any more.</param>
/// <param name="Removed">Those of them who were taken off the list here.</param>
internal sealed record ListComparison(int Here, int There, int Unsubscribed, int Missing, int Removed)
{
    /// <summary>So many are missing that it is rather the list that is wrong: nobody was taken off.</summary>
    public bool IsDoubtful => Missing > Removed;
}

/// <summary>
/// Brings back what changed at a list's provider: who unsubscribed there leaves the list here, and who is not there any more is taken off.
/// Only people are looked at whom the provider confirmed to have, some time ago, and about whom nothing waits to be pushed.
/// </summary>
internal sealed partial class CompareList(
    GatewayDb db,
    ListProviders providers,
    ContactStore contacts,
    RecordSuppression suppress,
    TimeProvider clock,
    ILogger<CompareList> logger
)
{
    private const int Page = 500;

    /// <summary>Providers show a change some time after they have taken it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Of whoever is not there any more at most so many are believed at once, and at most a twentieth of the list: a list that was emptied
    /// or mistaken must not end everybody's subscription.
    /// </summary>
    private const int MaxMissing = 10;
    private const int MaxMissingShare = 20;

    /// <param name="all">Whether to believe it however many are missing.</param>
    public async Task<Result<ListComparison>> CompareAsync(ContactList list, bool all, CancellationToken ct)
    {
        var before = clock.GetUtcNow().UtcDateTime - Settling;
        if (providers.Find(list.Provider, list.ProviderListId).IsRefused(out var why, out var provider))
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
            return new Refusal(RefusalKind.Conflict, "provider_unreadable", reading.Error!);
        }

        var (here, left, missing) = (0, new List<Person>(), new List<Person>());
        await foreach (var person in SettledAsync(list, before, ct))
        {
            here++;
            if (!people.TryGetValue(person.Address.Key, out var isOff))
            {
                missing.Add(person);
            }
            else if (isOff)
            {
                left.Add(person);
            }
        }

        var isBelieved = all || missing.Count <= Math.Max(MaxMissing, here / MaxMissingShare);
        foreach (var person in left)
        {
            await EndAsync(list, person, isRefusal: true, ct);
        }

        foreach (var person in isBelieved ? missing : [])
        {
            await EndAsync(list, person, isRefusal: false, ct);
        }

        var compared = new ListComparison(here, people.Count, left.Count, missing.Count, isBelieved ? missing.Count : 0);
        if (compared.IsDoubtful)
        {
            LogDoubtful(list.Id, missing.Count, here);
        }

        return compared;
    }

    private async IAsyncEnumerable<Person> SettledAsync(
        ContactList list,
        DateTime before,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var after = Guid.Empty; ;)
        {
            var rows = await Settled(list.Id, before)
                .Where(row => row.Id > after)
                .OrderBy(row => row.Id)
                .Take(Page)
                .Select(row => new
                {
                    row.Id,
                    row.ContactId,
                    row.DesiredVersion,
                })
                .ToListAsync(ct);
            if (rows.Count == 0)
            {
                yield break;
            }

            after = rows[^1].Id;
            var known = await contacts.GetManyAsync([.. rows.Select(row => row.ContactId)], ct);
            foreach (var row in rows)
            {
                if (known.TryGetValue(row.ContactId, out var contact) && EmailAddress.Parse(contact.Address) is { } address)
                {
                    yield return new(row.Id, row.DesiredVersion, address);
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
                && row.SyncedAt < before
            );

    private Task EndAsync(ContactList list, Person person, bool isRefusal, CancellationToken ct) =>
        db.WriteAsync(
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

    private sealed record Person(Guid SyncId, int Version, EmailAddress Address);

    [LoggerMessage(
        LogLevel.Warning,
        "List {ListId}: {Missing} of {Here} people are not at its provider any more. Nobody was taken off; is it the right list?"
    )]
    private partial void LogDoubtful(Guid listId, int missing, int here);
}
