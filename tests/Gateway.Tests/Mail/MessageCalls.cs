using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Mail;

/// <summary>What scripts do with transactional mails.</summary>
internal static class MessageCalls
{
    public static JsonObject Mail(string to, Action<JsonObject>? change = null)
    {
        var body = new JsonObject
        {
            ["to"] = to,
            ["template"] = "plain",
            ["variables"] = new JsonObject { ["subject"] = "Your order 4711", ["body"] = "Hello Ada,\n\nit is on its way." },
            ["reference"] = "order-4711",
        };
        change?.Invoke(body);
        return body;
    }

    public static Task<Answer> MailAsync(this SiteUnderTest site, string to, string? key = null, Action<JsonObject>? change = null) =>
        site.PostMailAsync(JsonContent.Create(Mail(to, change)), key ?? $"{Guid.CreateVersion7()}");

    /// <param name="key">Null leaves the header out.</param>
    public static async Task<Answer> PostMailAsync(this SiteUnderTest site, HttpContent body, string? key, string scope = "mail")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = body };
        request.Headers.Authorization = new("Bearer", await site.TokenAsync(scope));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var response = await site.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public static Task<Answer> ReadMailAsync(this SiteUnderTest site, string id) =>
        site.AuthorizedAsync(HttpMethod.Get, $"/v1/messages/{id}", scope: "read");

    public static Task<Answer> CancelMailAsync(this SiteUnderTest site, string id) =>
        site.AuthorizedAsync(HttpMethod.Post, $"/v1/messages/{id}/cancel", scope: "mail");

    /// <summary>Waits until the API tells this status.</summary>
    public static Task<Answer> BecomesAsync(this SiteUnderTest site, string id, string status) =>
        Eventually.BecomesAsync(() => site.ReadMailAsync(id), answer => (string?)answer.Json["status"] == status);

    public static Task<int> CountMailsAsync(this SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id));

    public static string? Status(this Answer answer) => (string?)answer.Json["status"];

    public static bool IsReplayed(this Answer answer) =>
        answer.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";
}
