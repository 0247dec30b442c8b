using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Lists.Mailchimp;

/// <summary>The part of Mailchimp's Marketing API, version 3.0, that keeps lists (audiences) in step.</summary>
internal interface IMailchimpApi
{
    /// <summary>Asks whether the key is good.</summary>
    [Get("/3.0/ping")]
    Task<IApiResponse> PingAsync(CancellationToken ct);

    /// <summary>The account's lists; 1,000 is the most.</summary>
    [Get("/3.0/lists?count=1000&fields=lists.id,lists.name,lists.stats.member_count")]
    Task<ApiResponse<MailchimpListPage>> ReadAllListsAsync(CancellationToken ct);

    /// <summary>Adds a member or changes the one that is there.</summary>
    /// <param name="member">MD5 of the address in lower case, in hexadecimal digits.</param>
    [Put("/3.0/lists/{list}/members/{member}?skip_merge_validation=true")]
    Task<IApiResponse> SaveMemberAsync(string list, string member, [Body] MailchimpMember body, CancellationToken ct);

    /// <summary>Changes a member that is there; 404 when there is none.</summary>
    [Patch("/3.0/lists/{list}/members/{member}?skip_merge_validation=true")]
    Task<IApiResponse> ChangeMemberAsync(string list, string member, [Body] MailchimpMember body, CancellationToken ct);

    /// <summary>Takes a member off the list without a trace of an unsubscribe; 404 or 405 when there is none.</summary>
    [Delete("/3.0/lists/{list}/members/{member}")]
    Task<IApiResponse> ArchiveMemberAsync(string list, string member, CancellationToken ct);

    /// <summary>Adds or changes up to 500 members; each that is not taken is an error of its own.</summary>
    [Post("/3.0/lists/{list}?skip_merge_validation=true")]
    Task<ApiResponse<MailchimpBatchAnswer>> SaveMembersAsync(string list, [Body] MailchimpBatch body, CancellationToken ct);

    /// <summary>A page of the members of a list; 1,000 is the most.</summary>
    [Get(
        "/3.0/lists/{list}/members?fields=members.email_address,members.status,members.last_changed,total_items&sort_field=timestamp_signup"
    )]
    Task<ApiResponse<MailchimpMemberPage>> ReadMembersAsync(string list, int count, int offset, CancellationToken ct);

    /// <summary>One member; 404 when the list does not have it.</summary>
    [Get("/3.0/lists/{list}/members/{member}?fields=status")]
    Task<ApiResponse<MailchimpMember>> ReadMemberAsync(string list, string member, CancellationToken ct);

    [Get("/3.0/lists/{list}/merge-fields?count=1000&fields=merge_fields.tag,merge_fields.name,merge_fields.type")]
    Task<ApiResponse<MailchimpFieldPage>> ReadFieldsAsync(string list, CancellationToken ct);

    [Post("/3.0/lists/{list}/merge-fields")]
    Task<ApiResponse<MailchimpField>> AddFieldAsync(string list, [Body] MailchimpField body, CancellationToken ct);
}

internal sealed record MailchimpListPage(IReadOnlyList<MailchimpList>? Lists);

internal sealed record MailchimpList(string Id, string? Name, MailchimpList.Numbers? Stats = null)
{
    internal sealed record Numbers([property: JsonPropertyName("member_count")] int? MemberCount);
}

/// <param name="StatusIfNew">The status of a member that is not there yet; it never changes one who is.</param>
/// <param name="Status">The status whether the member is there or not; null leaves it.</param>
/// <param name="TimestampOpt">When the person confirmed, <c>yyyy-MM-dd HH:mm:ss</c>, UTC.</param>
internal sealed record MailchimpMember(
    [property: JsonPropertyName("email_address")] string? EmailAddress = null,
    [property: JsonPropertyName("status_if_new")] string? StatusIfNew = null,
    string? Status = null,
    [property: JsonPropertyName("merge_fields")] IReadOnlyDictionary<string, object>? MergeFields = null,
    string? Language = null,
    [property: JsonPropertyName("timestamp_opt")] string? TimestampOpt = null,
    [property: JsonPropertyName("last_changed")] string? LastChanged = null
);

/// <param name="UpdateExisting">Whether members that are there are changed too.</param>
internal sealed record MailchimpBatch(
    IReadOnlyList<MailchimpMember> Members,
    [property: JsonPropertyName("update_existing")] bool UpdateExisting = true
);

/// <param name="Errors">Those that were not taken.</param>
internal sealed record MailchimpBatchAnswer(IReadOnlyList<MailchimpBatchAnswer.Refused>? Errors)
{
    internal sealed record Refused([property: JsonPropertyName("email_address")] string? EmailAddress);
}

internal sealed record MailchimpMemberPage(
    IReadOnlyList<MailchimpMember>? Members,
    [property: JsonPropertyName("total_items")] int? TotalItems = null
);

internal sealed record MailchimpFieldPage([property: JsonPropertyName("merge_fields")] IReadOnlyList<MailchimpField>? MergeFields);

/// <param name="Tag">Its name in calls, at most ten capitals, digits and underscores; Mailchimp makes one where none is given.</param>
internal sealed record MailchimpField(string Name, string Type = "text", string? Tag = null);
