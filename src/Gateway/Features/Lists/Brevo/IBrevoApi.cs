using Refit;

namespace Gateway.Features.Lists.Brevo;

/// <summary>The part of Brevo's REST API, version 3, that keeps lists in step.</summary>
internal interface IBrevoApi
{
    /// <summary>Adds a contact (201) or, with <see cref="BrevoContact.UpdateEnabled"/>, changes the one that is there (204).</summary>
    [Post("/v3/contacts")]
    Task<IApiResponse> SaveContactAsync([Body] BrevoContact body, CancellationToken ct);

    /// <summary>Takes up to 150 contacts off a list; 400 when none of them was on it.</summary>
    [Post("/v3/contacts/lists/{list}/contacts/remove")]
    Task<ApiResponse<RemovedContacts>> RemoveFromListAsync(string list, [Body] BrevoAddresses body, CancellationToken ct);

    /// <summary>A page of the people of a list; 500 is the most.</summary>
    [Get("/v3/contacts/lists/{list}/contacts?sort=asc")]
    Task<ApiResponse<BrevoPeople>> ReadListAsync(string list, int limit, int offset, CancellationToken ct);

    /// <summary>A page of the account's lists; 50 is the most.</summary>
    [Get("/v3/contacts/lists?sort=asc")]
    Task<ApiResponse<BrevoListPage>> ReadAllListsAsync(int limit, int offset, CancellationToken ct);

    /// <summary>One contact by the address; 404 when the account does not have it.</summary>
    [Get("/v3/contacts/{email}?identifierType=email_id")]
    Task<ApiResponse<BrevoMember>> ReadContactAsync(string email, CancellationToken ct);

    [Get("/v3/contacts/attributes")]
    Task<ApiResponse<BrevoAttributeList>> ReadAttributesAsync(CancellationToken ct);

    [Post("/v3/contacts/attributes/normal/{name}")]
    Task<IApiResponse> AddAttributeAsync(string name, [Body] NewAttribute body, CancellationToken ct);
}

/// <param name="EmailBlacklisted">False puts a person back who had left; null leaves that as it is.</param>
internal sealed record BrevoContact(
    string Email,
    IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyList<long> ListIds,
    bool? EmailBlacklisted,
    bool UpdateEnabled = true
);

/// <param name="Count">How many people the whole list has.</param>
internal sealed record BrevoPeople(IReadOnlyList<BrevoPerson>? Contacts, int? Count = null);

internal sealed record BrevoListPage(IReadOnlyList<BrevoList>? Lists, int? Count = null);

internal sealed record BrevoList(long Id, string? Name, int? UniqueSubscribers = null);

/// <param name="ListIds">The lists that the contact is on.</param>
internal sealed record BrevoMember(IReadOnlyList<long>? ListIds);

/// <param name="EmailBlacklisted">Whether the person unsubscribed from all mail of the account, or is blocked there.</param>
/// <param name="ListUnsubscribed">Lists that the person left, though still on them.</param>
/// <param name="CreatedAt">When the account got the contact.</param>
internal sealed record BrevoPerson(
    string? Email,
    bool EmailBlacklisted,
    IReadOnlyList<long>? ListUnsubscribed = null,
    DateTimeOffset? CreatedAt = null
);

internal sealed record BrevoAddresses(IReadOnlyList<string> Emails);

/// <param name="Contacts">Who was taken off and who was not on the list.</param>
internal sealed record RemovedContacts(RemovedContacts.Lists? Contacts)
{
    internal sealed record Lists(IReadOnlyList<string>? Success, IReadOnlyList<string>? Failure);
}

internal sealed record BrevoAttributeList(IReadOnlyList<BrevoAttribute>? Attributes);

/// <param name="Type"><c>text</c>, <c>date</c>, <c>float</c>, <c>boolean</c> and others that hold texts.</param>
internal sealed record BrevoAttribute(string Name, string? Type = null);

internal sealed record NewAttribute(string Type);
