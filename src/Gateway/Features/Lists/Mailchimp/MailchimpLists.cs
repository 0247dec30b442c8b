using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>
/// Lists (audiences) at Mailchimp. Several people who have just confirmed go in one call; whoever it does not take, and everybody else, go
/// one by one.
/// </summary>
internal sealed partial class MailchimpLists(IMailchimpApi api, Func<string, MailchimpFields> fields, TimeProvider clock)
    : IListProvider,
        IListReader,
        IListCatalog
{
    public const string Key = "mailchimp";
    public const string Name = "Mailchimp";
    public const string Settings = "Lists__Mailchimp";

    /// <summary>The most that Mailchimp gives at once.</summary>
    private const int PageSize = 1000;

    private const string Subscribed = "subscribed";

    public string? ErrorOf(string? providerListId) =>
        ListId().IsMatch(providerListId ?? "")
            ? null
            : "A list at Mailchimp is named by its audience id, such as a1b2c3d4e5: Audience, Settings, Audience name and defaults.";

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        // Who leaves goes first: nothing that is wrong with the others may hold that up.
        var id = list.ProviderListId!;
        var leaving = changes.Where(change => change.Desired != DesiredState.Subscribed).ToList();
        var joining = changes.Where(change => change.Desired == DesiredState.Subscribed).ToList();
        var left = new Queue<ListOutcome>(await SequentialPush.PushAsync(leaving, change => LeaveAsync(id, change, ct)));
        var joined = new Queue<ListOutcome>(await JoinAsync(id, joining, ct));
        return [.. changes.Select(change => (change.Desired == DesiredState.Subscribed ? joined : left).Dequeue())];
    }

    public async Task<ListReading> ReadAsync(ContactList list, CancellationToken ct)
    {
        var read = (
            await ListPages.ReadAsync(PageSize, row => row.EmailAddress, offset => ReadPageAsync(list.ProviderListId!, offset, ct))
        ).Counted();
        if (read.Rows is not { } rows)
        {
            return new(null, read.Failed);
        }

        var people = new Dictionary<string, ListMember>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (EmailAddress.Parse(row.EmailAddress) is { } address)
            {
                people[address.Key] = new(row.Status is "unsubscribed" or "cleaned", MomentOf(row.LastChanged));
            }
        }

        return new(people);
    }

    public async Task<PersonReading> FindAsync(ContactList list, EmailAddress address, CancellationToken ct)
    {
        using var response = await api.ReadMemberAsync(list.ProviderListId!, MemberId(address.Key), ct);
        return response switch
        {
            { IsSuccessful: true, Content: { } member } => new(member.Status != "archived"),
            { StatusCode: HttpStatusCode.NotFound } => new(IsThere: false),
            _ => new(IsThere: true, MailchimpAnswers.Judge(ProviderAnswer.Of(response, clock)).Outcome),
        };
    }

    public async Task<ListCatalog> ReadListsAsync(CancellationToken ct)
    {
        using var answer = await api.ReadAllListsAsync(ct);
        return answer is { IsSuccessful: true, Content.Lists: { } lists }
            ? new([.. lists.Select(list => new ProviderList(list.Id, list.Name ?? "", list.Stats?.MemberCount))])
            : new(null, MailchimpAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome);
    }

    private async Task<ListPage<MailchimpMember>> ReadPageAsync(string list, int offset, CancellationToken ct)
    {
        using var page = await api.ReadMembersAsync(list, PageSize, offset, ct);
        return page is { IsSuccessful: true, Content: { } content }
            ? new(content.Members ?? [], content.TotalItems)
            : new(null, Failed: MailchimpAnswers.Judge(ProviderAnswer.Of(page, clock)).Outcome);
    }

    private async Task<IReadOnlyList<ListOutcome>> JoinAsync(string list, List<ListChange> changes, CancellationToken ct)
    {
        var merge = fields(list);
        if (changes.Count > 0 && await merge.EnsureAsync(changes.Select(WithoutName), ct) is { } held)
        {
            return [.. changes.Select(_ => held)];
        }

        // One call cannot leave alone whoever unsubscribed, so only those who have just confirmed go in it.
        var fresh = changes.Where(change => change.Fresh).ToList();
        var taken = fresh.Count > 1 ? await SaveTogetherAsync(list, merge, fresh, ct) : [];
        var alone = changes.Where(change => !taken.ContainsKey(change.Address)).ToList();
        var rest = new Queue<ListOutcome>(await SequentialPush.PushAsync(alone, change => SaveAsync(list, merge, change, ct)));
        return [.. changes.Select(change => taken.GetValueOrDefault(change.Address) ?? rest.Dequeue())];
    }

    /// <returns>Outcomes by address. Who is not in it is to be pushed alone.</returns>
    private async Task<Dictionary<string, ListOutcome>> SaveTogetherAsync(
        string list,
        MailchimpFields merge,
        List<ListChange> changes,
        CancellationToken ct
    )
    {
        // A value that does not do is named to the person alone, so who has left-out properties goes alone as well.
        var whole = changes.Where(change => merge.Of(WithoutName(change)).LeftOut.Count == 0).ToList();
        using var answer = await api.SaveMembersAsync(
            list,
            new([.. whole.Select(change => Member(change, ValuesOf(merge, change), Subscribed) with { StatusIfNew = null })]),
            ct
        );
        if (answer is not { IsSuccessful: true, Content: { } content })
        {
            var verdict = MailchimpAnswers.Judge(ProviderAnswer.Of(answer, clock));
            return verdict.IsForAll ? whole.ToDictionary(change => change.Address, _ => verdict.Outcome) : [];
        }

        var refused = (content.Errors ?? []).Select(one => one.EmailAddress).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return whole
            .Where(change => !refused.Contains(change.Address))
            .ToDictionary(change => change.Address, ListOutcome (_) => new ListOutcome.Synced());
    }

    private async Task<Verdict> SaveAsync(string list, MailchimpFields merge, ListChange change, CancellationToken ct)
    {
        var of = merge.Of(WithoutName(change));
        var given = of with { Values = ValuesOf(merge, change) };
        var (verdict, answer) = await PushWithoutProperties.PushAsync(
            Name,
            given,
            values => PutAsync(list, change, Member(change, values, change.Fresh ? Subscribed : null), ct)
        );
        if (!change.Fresh || !MailchimpAnswers.IsCompliance(answer))
        {
            return verdict;
        }

        // Mailchimp takes back who left there only after a mail of its own. It is asked for once, since each asking sends one.
        var (pending, _) = await PutAsync(list, change, Member(change, given.Values, "pending"), ct);
        return pending.Outcome is ListOutcome.Synced
            ? new(
                Concern.Person,
                new ListOutcome.Synced("This person had left there, so Mailchimp asks them to confirm again, by a mail of its own.")
            )
            : pending;
    }

    private async Task<(Verdict, ProviderAnswer)> PutAsync(string list, ListChange change, MailchimpMember member, CancellationToken ct)
    {
        using var response = await api.SaveMemberAsync(list, MemberId(change.Address), member, ct);
        var answer = ProviderAnswer.Of(response, clock);
        return response.IsSuccessful ? (Verdict.Fine, answer) : (MailchimpAnswers.Judge(answer), answer);
    }

    /// <summary>Who is not there has nothing to leave.</summary>
    private async Task<Verdict> LeaveAsync(string list, ListChange change, CancellationToken ct)
    {
        using var response =
            change.Desired == DesiredState.Removed
                ? await api.ArchiveMemberAsync(list, MemberId(change.Address), ct)
                : await api.ChangeMemberAsync(list, MemberId(change.Address), new(Status: "unsubscribed"), ct);
        var answer = ProviderAnswer.Of(response, clock);
        return
            response.IsSuccessful
            || MailchimpAnswers.IsCompliance(answer)
            || (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && await HasListAsync(list, ct))
            ? Verdict.Fine
            : MailchimpAnswers.Judge(answer);
    }

    /// <summary>A member that is not there and a list that is not there look the same.</summary>
    private async Task<bool> HasListAsync(string list, CancellationToken ct)
    {
        using var answer = await api.ReadFieldsAsync(list, ct);
        return answer.IsSuccessful;
    }

    private static MailchimpMember Member(ListChange change, IReadOnlyDictionary<string, object> values, string? status) =>
        new(
            change.Address,
            StatusIfNew: status ?? Subscribed,
            Status: status,
            values,
            change.Language.Split('-', '_')[0],
            change.ConfirmedAt?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        );

    /// <summary>Mailchimp has two fields for a name, and greets with the first.</summary>
    private static Dictionary<string, object> ValuesOf(MailchimpFields merge, ListChange change)
    {
        var values = merge.Of(WithoutName(change)).Values.ToDictionary();
        if (change.Name?.Trim() is { Length: > 0 } name)
        {
            var parts = name.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            values.TryAdd(MailchimpFields.FirstName, parts[0]);
            values.TryAdd(MailchimpFields.LastName, parts.Length > 1 ? parts[1] : "");
        }

        return values;
    }

    private static ListChange WithoutName(ListChange change) => change with { Name = null };

    private static DateTime? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime : null;

    /// <summary>Mailchimp's id of a member, which is no secret and protects nothing.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "Mailchimp names its members so."
    )]
    private static string MemberId(string address) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(address.ToLowerInvariant())));

    [GeneratedRegex("^[0-9a-f]{6,20}$")]
    private static partial Regex ListId();
}
