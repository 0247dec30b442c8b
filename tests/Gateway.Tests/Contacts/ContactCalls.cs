using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>What scripts do with contacts.</summary>
internal static class ContactCalls
{
    public static JsonObject Contact(this SiteUnderTest site, string email, string optIn = "double", Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["email"] = email,
            ["name"] = "Ada Lovelace",
            ["language"] = "fr",
            ["list"] = site.ListId,
            ["properties"] = new JsonObject { ["city"] = "Turin" },
            ["optIn"] = optIn,
            ["consent"] = new JsonObject
            {
                ["text"] = "Yes, send me the newsletter.",
                ["source"] = "Spring fair",
                ["at"] = "2026-03-01T10:00:00+01:00",
                ["policyUrl"] = "https://shop.example/privacy",
                ["policyVersion"] = "2026-01",
            },
        };
        change?.Invoke(body);
        return body;
    }

    public static Task<Answer> AddContactAsync(
        this SiteUnderTest site,
        string email,
        string optIn = "double",
        Action<JsonObject>? change = null
    ) => site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts", site.Contact(email, optIn, change), "contacts");

    public static Task<Answer> ProveAsync(this SiteUnderTest site, string email, Action<JsonObject>? change = null) =>
        site.AddContactAsync(email, "proven", change);

    /// <summary>A change of one of the site's users; with <paramref name="optIn"/> null it is about no list.</summary>
    public static JsonObject Change(this SiteUnderTest site, string email, string? optIn = "double", Action<JsonObject>? change = null)
    {
        var item = site.Contact(email, optIn ?? "");
        (item["key"], item["action"]) = ("user-7", "upsert");
        if (optIn is null)
        {
            item.Remove("optIn");
            item.Remove("list");
        }

        change?.Invoke(item);
        return item;
    }

    public static JsonObject Deletion(this SiteUnderTest site, string email, string? list) =>
        new()
        {
            ["key"] = "user-7",
            ["action"] = "delete",
            ["email"] = email,
            ["list"] = list,
        };

    public static Task<Answer> ChangeContactsAsync(this SiteUnderTest site, params JsonNode?[] items) =>
        site.SignedAsync(
            HttpMethod.Post,
            "contacts/batch",
            Encoding.UTF8.GetBytes(new JsonObject { ["items"] = new JsonArray(items) }.ToJsonString())
        );

    /// <summary>What became of a batch of one.</summary>
    public static async Task<JsonNode> ChangeContactAsync(this SiteUnderTest site, JsonNode? item)
    {
        var answer = await site.ChangeContactsAsync(item);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        return Assert.Single(answer.Json["results"]!.AsArray())!;
    }

    public static Task<int> CountContactsAsync(this SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id));

    public static Task<string?> NameAsync(this SiteUnderTest site, string email) =>
        site.Gateway.InDatabaseAsync(db =>
            db.Contacts.Where(row => row.SiteId == site.Id && row.AddressKey == email).Select(row => row.Name).SingleAsync()
        );

    public static Task<Answer> ReadContactAsync(this SiteUnderTest site, string id) =>
        site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}", scope: "read");

    public static Task<Answer> UnsubscribeAsync(this SiteUnderTest site, string id, JsonObject? body = null) =>
        site.AuthorizedAsync(HttpMethod.Post, $"/v1/contacts/{id}/unsubscribe", body ?? [], "contacts");

    public static string? Status(this Answer answer) => (string?)answer.Json["subscriptions"]![0]!["status"];

    public static Task<List<Consent>> LedgerAsync(this SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db =>
            db.Consents.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Sequence).ToListAsync()
        );

    /// <summary>The ledger is whole: what <c>consents verify</c> looks at.</summary>
    public static async Task VerifyLedgerAsync(this SiteUnderTest site) =>
        Assert.Null(
            (
                await site.Gateway.InScopeAsync<VerifyLedger, LedgerReport>(verify =>
                    verify.VerifyAsync(site.Id, written: null, CancellationToken.None)
                )
            ).Error
        );

    /// <summary>The standing of one address on the site's list.</summary>
    public static Task<Subscription> SubscriptionAsync(this SiteUnderTest site, string email) =>
        site.Gateway.InDatabaseAsync(async db =>
        {
            var contacts = db.Contacts;
            return await db
                .Subscriptions.AsNoTracking()
                .SingleAsync(row =>
                    row.ListId == site.List.Id && contacts.Any(one => one.Id == row.ContactId && one.AddressKey == email)
                );
        });

    public static Task<Subscription> SubscriptionAsync(this SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db => db.Subscriptions.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
}
