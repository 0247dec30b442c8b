using Refit;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>The part of Mailjet's REST API, version 3, that keeps lists in step.</summary>
internal interface IMailjetApi
{
    /// <summary>Adds or changes one contact by its address.</summary>
    [Post("/v3/REST/contactslist/{list}/managecontact")]
    Task<ApiResponse<MailjetData<ManagedContact>>> ManageContactAsync(string list, [Body] ManageContact body, CancellationToken ct);

    /// <summary>Takes an address off the account's exclusion list, or puts it there; 304 when it is so already.</summary>
    [Put("/v3/REST/contact/{address}")]
    Task<IApiResponse> ExcludeAsync(string address, [Body] Exclusion body, CancellationToken ct);

    /// <summary>A page of the contacts of a list, with their addresses; 1,000 is the most.</summary>
    [Get("/v3/REST/contact?Sort=ID")]
    Task<ApiResponse<MailjetData<MailjetContact>>> ReadContactsAsync(
        [AliasAs("ContactsList")] string list,
        [AliasAs("Limit")] int limit,
        [AliasAs("Offset")] int offset,
        CancellationToken ct
    );

    /// <summary>A page of those who unsubscribed from a list, by the contact's number.</summary>
    [Get("/v3/REST/listrecipient?Unsub=true&Sort=ID")]
    Task<ApiResponse<MailjetData<ListRecipient>>> ReadUnsubscribedAsync(
        [AliasAs("ContactsList")] string list,
        [AliasAs("Limit")] int limit,
        [AliasAs("Offset")] int offset,
        CancellationToken ct
    );

    /// <summary>The account's lists; 1,000 is the most.</summary>
    [Get("/v3/REST/contactslist?Limit=1000&IsDeleted=false&Sort=Name")]
    Task<ApiResponse<MailjetData<MailjetList>>> ReadAllListsAsync(CancellationToken ct);

    /// <summary>How many contacts a list has, and no contact.</summary>
    [Get("/v3/REST/contact?countOnly=1")]
    Task<ApiResponse<MailjetData<MailjetContact>>> CountContactsAsync([AliasAs("ContactsList")] string list, CancellationToken ct);

    /// <summary>The lists that one contact is on; 404 when the account does not have it. 1,000 is the most.</summary>
    [Get("/v3/REST/contact/{address}/getcontactslists?Limit=1000")]
    Task<ApiResponse<MailjetData<ListOfContact>>> ReadListsAsync(string address, CancellationToken ct);

    /// <summary>Starts a job that does the same for many contacts.</summary>
    [Post("/v3/REST/contact/managemanycontacts")]
    Task<ApiResponse<MailjetData<StartedJob>>> ManageManyContactsAsync([Body] ManageManyContacts body, CancellationToken ct);

    [Get("/v3/REST/contact/managemanycontacts/{job}")]
    Task<ApiResponse<MailjetData<JobState>>> ReadJobAsync(long job, CancellationToken ct);

    /// <summary>A page holds ten properties unless more are asked for; 1,000 is the most.</summary>
    [Get("/v3/REST/contactmetadata?Limit=1000")]
    Task<ApiResponse<MailjetData<PropertyDefinition>>> ReadPropertiesAsync(CancellationToken ct);

    [Post("/v3/REST/contactmetadata")]
    Task<ApiResponse<MailjetData<PropertyDefinition>>> AddPropertyAsync([Body] PropertyDefinition body, CancellationToken ct);
}

/// <param name="Total">How many there are where only they were counted. Of a page it may be how many the page has.</param>
internal sealed record MailjetData<T>(IReadOnlyList<T>? Data, int? Total = null);

/// <param name="ExclusionFromCampaignsUpdatedAt">When that changed last, RFC 3339; empty when never.</param>
/// <param name="CreatedAt">When the account got the contact, RFC 3339.</param>
internal sealed record MailjetContact(
    long ID,
    string? Email,
    bool IsExcludedFromCampaigns,
    string? ExclusionFromCampaignsUpdatedAt = null,
    string? CreatedAt = null
);

/// <param name="UnsubscribedAt">RFC 3339; empty when the contact did not.</param>
internal sealed record ListRecipient(long ContactID, bool IsUnsubscribed = false, string? UnsubscribedAt = null);

internal sealed record MailjetList(long ID, string? Name, int? SubscriberCount = null);

internal sealed record ListOfContact(long ListID);

internal sealed record ManageContact(string Email, string? Name, string Action, IReadOnlyDictionary<string, object>? Properties);

internal sealed record ManagedContact(long ContactID);

/// <param name="IsExcludedFromCampaigns">Whether no campaign goes to the address, whatever list it is on.</param>
internal sealed record Exclusion(bool IsExcludedFromCampaigns);

internal sealed record ManageManyContacts(IReadOnlyList<ListAction> ContactsLists, IReadOnlyList<ManyContact> Contacts);

internal sealed record ListAction(long ListID, string Action);

internal sealed record ManyContact(string Email, string? Name, IReadOnlyDictionary<string, object>? Properties);

internal sealed record StartedJob(long JobID);

/// <param name="Status"><c>Completed</c>, <c>Error</c> and <c>Abort</c> are final; everything else is still going on.</param>
internal sealed record JobState(string? Status, string? Error);

internal sealed record PropertyDefinition(string Name, string Datatype = "str", string NameSpace = "static");
