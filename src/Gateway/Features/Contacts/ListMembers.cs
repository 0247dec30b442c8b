using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>Somebody who is on a list, confirmed.</summary>
/// <param name="LastSignOn">The last day, UTC, on which they showed that they are there.</param>
internal sealed record MemberOfList(
    Guid SubscriptionId,
    Guid ContactId,
    string Address,
    string? Name,
    string Language,
    DateTime? ConfirmedAt,
    DateOnly LastSignOn
);

/// <summary>Somebody who is not on a list, but was asked to join it or left it.</summary>
/// <param name="Mails">Confirmation mails since the last confirmation or expiry.</param>
/// <param name="LastMailAt">When the last of them was written, UTC.</param>
/// <param name="IsHeldBack">Whether the last of them waits for a budget.</param>
/// <param name="Since">How long it has been so, UTC; of one who is asked, since the last mail.</param>
internal sealed record OtherOfList(
    Guid SubscriptionId,
    Guid ContactId,
    string Address,
    string? Name,
    string Language,
    SubscriptionState State,
    int Mails,
    DateTime? LastMailAt,
    bool IsHeldBack,
    DateTime? ConfirmedAt,
    DateTime Since
)
{
    /// <summary>When another confirmation mail is possible, UTC; a moment in the past when it is now.</summary>
    public DateTime NextMailAt => MailBudget.NextAt(Mails, LastMailAt);
}

/// <summary>Where a page ended, so that the next begins there however much is added meanwhile.</summary>
internal sealed record MemberPlace(DateOnly Day, Guid SubscriptionId)
{
    public static MemberPlace After(MemberOfList member) => new(member.LastSignOn, member.SubscriptionId);

    /// <returns>Null when the text is none that <see cref="ToString"/> made.</returns>
    public static MemberPlace? Parse(string? text) =>
        text?.Split('-') is [var day, var id]
        && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
        && Guid.TryParseExact(id, "N", out var subscriptionId)
            ? new(on, subscriptionId)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Day:yyyyMMdd}-{SubscriptionId:N}");
}

/// <summary>How somebody stands on a list, as callers write it.</summary>
internal static class MemberStatus
{
    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<SubscriptionState>().Select(Word)];

    public static readonly string Expected = $"status is one of {string.Join(", ", All)}.";

    public static string Word(SubscriptionState state) => CaseConverter.Lower(state.ToString());

    /// <param name="text">Null for who is on it.</param>
    /// <returns>Null when it is none of them.</returns>
    public static SubscriptionState? Parse(string? text) =>
        text is null ? SubscriptionState.Confirmed
        : All.Contains(text) ? Enum.Parse<SubscriptionState>(text, ignoreCase: true)
        : null;

    /// <summary>Of who is not on the list: the id of their subscription.</summary>
    public static string PlaceAfter(OtherOfList one) => one.SubscriptionId.ToString("N");

    /// <returns>Whether a page of this status may begin after it.</returns>
    public static bool IsPlace(SubscriptionState state, string after) =>
        state == SubscriptionState.Confirmed ? MemberPlace.Parse(after) is not null : Guid.TryParseExact(after, "N", out _);
}

/// <summary>Who is on a list, read in pages from the index that holds just them, in the order of their last sign of life.</summary>
internal sealed class ListMembers(GatewayDb db)
{
    private const int AtOnce = 1_000;

    private static readonly string[] Columns = ["contact", "email", "name", "language", "confirmedAt", "lastSignOfLife"];

    /// <param name="after">Null for the first page.</param>
    public async Task<List<MemberOfList>> PageAsync(ContactList list, MemberPlace? after, int limit, CancellationToken ct)
    {
        var members = db
            .Subscriptions.AsNoTracking()
            .Where(one =>
                one.SiteId == list.SiteId && one.ListId == list.Id && one.State == SubscriptionState.Confirmed && one.LastSignOn != null
            );
        if (after is var (day, id))
        {
            // Said twice, so that the index begins at the day.
            members = members.Where(one => one.LastSignOn >= day && (one.LastSignOn > day || one.Id > id));
        }

        var read = await (
            from subscription in members.OrderBy(one => one.LastSignOn).ThenBy(one => one.Id).Take(limit)
            join contact in db.Contacts on subscription.ContactId equals contact.Id
            orderby subscription.LastSignOn, subscription.Id
            select new { subscription, contact }
        ).ToListAsync(ct);
        return read.ConvertAll(one => new MemberOfList(
            one.subscription.Id,
            one.contact.Id,
            one.contact.Address,
            one.contact.Name,
            one.contact.Language,
            one.subscription.ConfirmedAt,
            one.subscription.LastSignOn!.Value
        ));
    }

    /// <summary>Those who stand another way there, whoever was asked first comes first.</summary>
    /// <param name="state">Any but confirmed.</param>
    /// <param name="after">The last subscription of the page before; null to begin.</param>
    public async Task<List<OtherOfList>> OthersAsync(
        ContactList list,
        SubscriptionState state,
        Guid? after,
        int limit,
        CancellationToken ct
    )
    {
        var others = Of(list, state);
        others = after is { } last ? others.Where(one => one.Id > last) : others;
        return await (
            from subscription in others.OrderBy(one => one.Id).Take(limit)
            join contact in db.Contacts on subscription.ContactId equals contact.Id
            orderby subscription.Id
            select new OtherOfList(
                subscription.Id,
                contact.Id,
                contact.Address,
                contact.Name,
                contact.Language,
                subscription.State,
                subscription.MailsSent,
                subscription.LastMailAt,
                subscription.State == SubscriptionState.Pending && subscription.IsHeldBack,
                subscription.ConfirmedAt,
                subscription.State == SubscriptionState.Pending ? subscription.LastMailAt ?? subscription.UpdatedAt
                    : subscription.State == SubscriptionState.Unsubscribed ? subscription.LeftAt ?? subscription.UpdatedAt
                    : subscription.UpdatedAt
            )
        ).ToListAsync(ct);
    }

    /// <summary>How many were asked by one mail, before this time, and have not answered.</summary>
    public Task<int> CountAskedOnceAsync(ContactList list, DateTime before, CancellationToken ct) =>
        AskedOnce(list, before).CountAsync(ct);

    /// <summary>These people, some at a time.</summary>
    /// <param name="after">The subscription of the last one before; <see cref="Guid.Empty"/> to begin.</param>
    /// <returns>By subscription, in its order.</returns>
    public async Task<List<KeyValuePair<Guid, Contact>>> AskedOnceAsync(
        ContactList list,
        DateTime before,
        Guid after,
        int limit,
        CancellationToken ct
    )
    {
        var read = await (
            from subscription in AskedOnce(list, before).Where(one => one.Id > after).OrderBy(one => one.Id).Take(limit)
            join contact in db.Contacts.AsNoTracking() on subscription.ContactId equals contact.Id
            orderby subscription.Id
            select new { subscription.Id, contact }
        ).ToListAsync(ct);
        return read.ConvertAll(one => KeyValuePair.Create(one.Id, one.contact));
    }

    private IQueryable<Subscription> AskedOnce(ContactList list, DateTime before) =>
        Of(list, SubscriptionState.Pending).Where(one => one.MailsSent == 1 && one.LastMailAt < before && !one.IsHeldBack);

    /// <summary>From the index that holds them in the order of their ids.</summary>
    private IQueryable<Subscription> Of(ContactList list, SubscriptionState state) =>
        db.Subscriptions.AsNoTracking().Where(one => one.SiteId == list.SiteId && one.State == state && one.ListId == list.Id);

    /// <summary>All of them as CSV, written while they are read.</summary>
    /// <returns>How many, without the heading.</returns>
    public async Task<int> WriteCsvAsync(ContactList list, Stream output, CancellationToken ct)
    {
        await using var csv = new CsvFile(output, Columns);
        await foreach (var member in AllAsync(list, ct))
        {
            await csv.WriteAsync(
                PublicId.Format(PublicId.Contact, member.ContactId),
                member.Address,
                member.Name,
                member.Language,
                member.ConfirmedAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                member.LastSignOn.ToString("O", CultureInfo.InvariantCulture)
            );
        }

        return csv.Rows;
    }

    private async IAsyncEnumerable<MemberOfList> AllAsync(ContactList list, [EnumeratorCancellation] CancellationToken ct)
    {
        MemberPlace? after = null;
        List<MemberOfList> page;
        do
        {
            page = await PageAsync(list, after, AtOnce, ct);
            foreach (var member in page)
            {
                yield return member;
            }

            after = page.Count == 0 ? null : MemberPlace.After(page[^1]);
        } while (page.Count == AtOnce);
    }
}
