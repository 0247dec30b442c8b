using System.Net;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Lists.Webhook;

/// <summary>
/// A list at any address that takes signed JSON, for what nobody wrote an adapter for: each request tells of up to
/// <see cref="SyncLists.Batch"/> people. 2xx took all of them; 400 and 422 are about the people, who are then told of one by one.
/// </summary>
internal sealed class WebhookLists(WebhookListOptions account, WebhookListClient client) : IListProvider
{
    public const string Key = "webhook";
    public const string Name = "The address of the list";
    public const string Settings = "Lists__Webhook";

    private const int MaxId = 200;

    /// <summary>What the address hears.</summary>
    /// <param name="Type"><c>list.changes</c>, or <c>test</c> from whoever tries the connection.</param>
    /// <param name="List">The list's own id, <c>lst_…</c>; null in a test.</param>
    /// <param name="ProviderList">What the list calls itself at the address; null when it does not.</param>
    internal sealed record Content(string Type, string? List, string? ProviderList, IReadOnlyList<Change> Changes);

    /// <param name="Id">Made of all the rest: the same for a repeat of the change, whomever it is told with.</param>
    /// <param name="Action"><c>subscribe</c>, <c>unsubscribe</c>, or <c>remove</c> for an erased person.</param>
    /// <param name="Fresh">Whether the person has just confirmed: only then may an earlier unsubscribe be cleared.</param>
    /// <param name="ConfirmedAt">When the person confirmed, UTC; null when it is not known.</param>
    internal sealed record Change(
        string Id,
        string Email,
        string Action,
        bool Fresh,
        string? Name,
        string Language,
        IReadOnlyDictionary<string, string> Properties,
        DateTime? ConfirmedAt
    );

    public string? ErrorOf(string? providerListId) =>
        providerListId?.Length > MaxId
            ? $"What the list calls itself at its address has at most {MaxId} characters."
            : client.ErrorOf(account);

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        var verdict = await PostAsync(list, changes, ct);
        return verdict.Concern == Concern.Person && verdict.Outcome is not ListOutcome.Synced && changes.Count > 1
            ? await SequentialPush.PushAsync(changes, change => PostAsync(list, [change], ct))
            : [.. changes.Select(_ => verdict.Outcome)];
    }

    private async Task<Verdict> PostAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct) =>
        Judge(
            await client.PostAsync(
                account,
                new Content("list.changes", PublicId.Format(PublicId.List, list.Id), list.ProviderListId, [.. changes.Select(Of)]),
                ct
            )
        );

    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Verdict.Fine,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => Verdict.Refused($"{Name} does not accept this person."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Verdict.Account(
                "credentials_refused",
                $"{Name} refuses our signature ({(int)answer.Status}). Does it check with the Secret of this connection?"
            ),
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed => Verdict.Account(
                "address_unknown",
                $"{Name} does not exist there ({(int)answer.Status}). Set the Url of the connection to what takes a POST."
            ),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Verdict.Account(
                "address_moved",
                $"{Name} redirects ({(int)answer.Status}), which is not followed. Set the Url of the connection to the final address."
            ),
            _ => answer.Judge(Name, Settings),
        };

    private static Change Of(ListChange change)
    {
        var told = new Change(
            change.Id,
            change.Address,
            change.Desired switch
            {
                DesiredState.Subscribed => "subscribe",
                DesiredState.Unsubscribed => "unsubscribe",
                _ => "remove",
            },
            change.Fresh,
            change.Name,
            change.Language,
            change.Properties,
            change.ConfirmedAt
        );
        return told with { Id = WebhookListClient.IdOf("change", JsonSerializer.SerializeToUtf8Bytes(told, JsonSerializerOptions.Web)) };
    }
}
