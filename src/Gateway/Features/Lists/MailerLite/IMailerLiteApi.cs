using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Lists.MailerLite;

/// <summary>The part of MailerLite's API that keeps lists (groups) in step.</summary>
internal interface IMailerLiteApi
{
    /// <summary>The account's groups; 100 is the most.</summary>
    [Get("/api/groups?limit=100")]
    Task<ApiResponse<MailerLiteData<IReadOnlyList<MailerLiteGroup>>>> ReadGroupsAsync(CancellationToken ct);

    /// <summary>Adds a subscriber (201) or changes the one that is there (200). What is left out stays, also other groups.</summary>
    [Post("/api/subscribers")]
    Task<IApiResponse> SaveSubscriberAsync([Body] MailerLiteSubscriber body, CancellationToken ct);

    /// <summary>One subscriber by the address; 404 when there is none.</summary>
    [Get("/api/subscribers/{email}")]
    Task<ApiResponse<MailerLiteData<MailerLiteFound>>> ReadSubscriberAsync(string email, CancellationToken ct);

    /// <summary>Takes a subscriber out of a group; 404 when one of them is not there.</summary>
    [Delete("/api/subscribers/{id}/groups/{group}")]
    Task<IApiResponse> RemoveFromGroupAsync(string id, string group, CancellationToken ct);

    [Get("/api/fields?limit=100")]
    Task<ApiResponse<MailerLiteData<IReadOnlyList<MailerLiteField>>>> ReadFieldsAsync(CancellationToken ct);

    [Post("/api/fields")]
    Task<ApiResponse<MailerLiteData<MailerLiteField>>> AddFieldAsync([Body] MailerLiteField body, CancellationToken ct);
}

internal sealed record MailerLiteData<T>(T? Data);

internal sealed record MailerLiteGroup(string Id, string? Name, [property: JsonPropertyName("active_count")] int? ActiveCount = null);

/// <param name="Status"><c>active</c> also for whoever is back; null leaves it.</param>
/// <param name="Resubscribe">Whether somebody who unsubscribed is active again: only after a fresh confirmation.</param>
/// <param name="OptedInAt">When the person confirmed, <c>yyyy-MM-dd HH:mm:ss</c>, UTC.</param>
internal sealed record MailerLiteSubscriber(
    string? Id = null,
    string? Email = null,
    IReadOnlyDictionary<string, object>? Fields = null,
    IReadOnlyList<string>? Groups = null,
    string? Status = null,
    bool? Resubscribe = null,
    [property: JsonPropertyName("opted_in_at")] string? OptedInAt = null
);

/// <summary>A subscriber as it is read: not in the form in which it is saved, since groups come back as objects.</summary>
internal sealed record MailerLiteFound(string? Id = null);

/// <param name="Key">Its name in calls, made from the name: <c>Post code</c> is <c>post_code</c>.</param>
/// <param name="Type"><c>text</c>, <c>number</c> or <c>date</c>.</param>
internal sealed record MailerLiteField(string Name, string Type = "text", string? Key = null);
