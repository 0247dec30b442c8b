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
