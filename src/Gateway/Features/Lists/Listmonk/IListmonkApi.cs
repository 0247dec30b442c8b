using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>The part of listmonk's API that keeps lists in step.</summary>
internal interface IListmonkApi
{
    /// <summary>The most that listmonk gives in a page.</summary>
    const int PageSize = 50;

    /// <summary>The lists that the user may see.</summary>
    [Get("/api/lists?order_by=name&order=asc&per_page=50")]
    Task<ApiResponse<ListmonkData<ListmonkPage<ListmonkList>>>> ReadListsAsync(int page, CancellationToken ct);

    /// <summary>What every user may ask for whose credentials are right.</summary>
    [Get("/api/lists?per_page=1")]
    Task<IApiResponse> AskAsync(CancellationToken ct);

    /// <summary>One list; 400 when there is none.</summary>
    [Get("/api/lists/{id}")]
    Task<IApiResponse> ReadListAsync(int id, CancellationToken ct);

    /// <summary>
    /// Adds a subscriber or changes the one that is there, and subscribes them also where they unsubscribed. Older servers do not have it.
    /// </summary>
    [Post("/api/subscribers/subscription")]
    Task<ApiResponse<ListmonkData<ListmonkSaved>>> SaveAsync([Body] ListmonkPerson body, CancellationToken ct);

    /// <summary>Adds a subscriber; 409 when the address is there.</summary>
    [Post("/api/subscribers")]
    Task<IApiResponse> AddAsync([Body] ListmonkPerson body, CancellationToken ct);

    /// <summary>Subscribers by an expression in SQL.</summary>
    [Get("/api/subscribers?per_page=50")]
    Task<ApiResponse<ListmonkData<ListmonkPage<ListmonkSubscriber>>>> FindAsync(string query, CancellationToken ct);

    /// <summary>A page of a list, those who unsubscribed as well.</summary>
    [Get("/api/subscribers?order=asc&per_page=50")]
    Task<ApiResponse<ListmonkData<ListmonkPage<ListmonkSubscriber>>>> ReadMembersAsync(
        [AliasAs("list_id")] int list,
        int page,
        CancellationToken ct
    );

    /// <summary>
    /// Changes what is given, and leaves the rest. Unless told not to, it asks people to confirm once more. Older servers do not have it.
    /// </summary>
    [Patch("/api/subscribers/{id}")]
    Task<IApiResponse> ChangeAsync(int id, [Body] ListmonkPerson body, CancellationToken ct);

    /// <summary>
    /// Replaces a subscriber: lists that are not given are left, and so are those that the user may not manage. Some versions confirm also
    /// where the person unsubscribed.
    /// </summary>
    [Put("/api/subscribers/{id}")]
    Task<IApiResponse> ReplaceAsync(int id, [Body] ListmonkPerson body, CancellationToken ct);

    [Put("/api/subscribers/lists")]
    Task<IApiResponse> ChangeListsAsync([Body] ListmonkMembership body, CancellationToken ct);
}

internal sealed record ListmonkData<T>(T? Data);

internal sealed record ListmonkPage<T>(IReadOnlyList<T>? Results, int? Total = null);

internal sealed record ListmonkList(int Id, string? Name, [property: JsonPropertyName("subscriber_count")] int? SubscriberCount = null);

/// <param name="Status"><c>enabled</c>, <c>disabled</c> or <c>blocklisted</c>; null leaves it.</param>
/// <param name="Preconfirm">Whether listmonk asks for no confirmation of its own, also where a list there is double opt-in.</param>
/// <param name="Conflict">What becomes of attributes that are there: <c>incoming</c> ones win, and the rest stays.</param>
internal sealed record ListmonkPerson(
    string? Email = null,
    string? Name = null,
    string? Status = null,
    IReadOnlyList<int>? Lists = null,
    [property: JsonPropertyName("attribs")] IReadOnlyDictionary<string, object>? Attributes = null,
    [property: JsonPropertyName("preconfirm_subscriptions")] bool? Preconfirm = null,
    [property: JsonPropertyName("attribs_conflict")] string? Conflict = null
);

internal sealed record ListmonkSaved(ListmonkSubscriber? Subscriber);

internal sealed record ListmonkSubscriber(
    int Id,
    string? Email,
    string? Name,
    string? Status,
    IReadOnlyList<ListmonkSubscription>? Lists,
    [property: JsonPropertyName("attribs")] IReadOnlyDictionary<string, object>? Attributes = null,
    [property: JsonPropertyName("created_at")] DateTimeOffset? CreatedAt = null
)
{
    /// <summary>The status of a subscriber who gets mail at all.</summary>
    public const string Enabled = "enabled";

    public ListmonkSubscription? On(int list) => Lists?.FirstOrDefault(one => one.Id == list);
}

/// <param name="Id">The list's.</param>
/// <param name="Status"><c>confirmed</c>, <c>unconfirmed</c> or <c>unsubscribed</c>.</param>
internal sealed record ListmonkSubscription(
    int Id,
    [property: JsonPropertyName("subscription_status")] string? Status = null,
    [property: JsonPropertyName("subscription_created_at")] DateTimeOffset? CreatedAt = null,
    [property: JsonPropertyName("subscription_updated_at")] DateTimeOffset? UpdatedAt = null
)
{
    public const string Confirmed = "confirmed";
    public const string Unsubscribed = "unsubscribed";
}

/// <param name="Action"><c>add</c>, <c>remove</c> or <c>unsubscribe</c>.</param>
/// <param name="Status">Of who is added.</param>
internal sealed record ListmonkMembership(
    IReadOnlyList<int> Ids,
    string Action,
    [property: JsonPropertyName("target_list_ids")] IReadOnlyList<int> Lists,
    string? Status = null
);
