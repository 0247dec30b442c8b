using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Sms;

/// <summary>What a Zap or a script does with SMS.</summary>
internal static class SmsRequests
{
    public const string Number = "+33612345678";

    public static Task<Answer> SendSmsAsync(
        this SiteUnderTest site,
        string to = Number,
        string text = "Your code is 1234",
        string? key = null,
        Action<JsonObject>? change = null
    )
    {
        var body = new JsonObject { ["to"] = to, ["text"] = text };
        change?.Invoke(body);
        return site.AuthorizedAsync(HttpMethod.Post, "/v1/sms", body, key: key ?? Guid.CreateVersion7().ToString());
    }

    /// <summary>The row of an accepted SMS.</summary>
    public static Task<SmsMessage> SmsAsync(this SiteUnderTest site, string id)
    {
        var smsId = PublicId.Parse(PublicId.Sms, id);
        return site.Gateway.InDatabaseAsync(db => db.Sms.AsNoTracking().SingleAsync(row => row.Id == smsId));
    }

    public static Task<SmsMessage> SmsBecomesAsync(this SiteUnderTest site, string id, SmsState state) =>
        site.SmsBecomesAsync(id, row => row.State == state);

    public static Task<SmsMessage> SmsBecomesAsync(this SiteUnderTest site, string id, Func<SmsMessage, bool> enough) =>
        Eventually.BecomesAsync(() => site.SmsAsync(id), enough);

    /// <summary>Types of the site's events about SMS, oldest first.</summary>
    public static Task<List<string>> SmsEventsAsync(this SiteUnderTest site) =>
        site.Gateway.InDatabaseAsync(db =>
            db.Events.AsNoTracking()
                .Where(row => row.SiteId == site.Id && row.Type.StartsWith("sms."))
                .OrderBy(row => row.OccurredAt)
                .Select(row => row.Type)
                .ToListAsync()
        );

    public static async Task SetSmsRulesAsync(this SiteUnderTest site, Action<SmsRules> change)
    {
        await site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    var rules = new SmsRules { SiteId = site.Id };
                    change(rules);
                    db.SmsRules.Add(rules);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        site.Gateway.Services.GetRequiredService<SmsSettingsCache>().Forget(site.Id);
    }
}
