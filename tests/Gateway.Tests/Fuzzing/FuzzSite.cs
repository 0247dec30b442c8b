using System.Text.Json.Nodes;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Gateway.Tests.Sms;
using Gateway.Tests.Templates;
using Gateway.Tests.Templates.Segments;

namespace Gateway.Tests.Fuzzing;

/// <summary>A site with one of everything, and a second one whose things it must not see.</summary>
internal sealed record FuzzSite(
    SiteUnderTest Site,
    string Token,
    IReadOnlyList<string> Ids,
    IReadOnlyList<string> Keys,
    IReadOnlyList<string> Links
)
{
    public static async Task<FuzzSite> MakeAsync(GatewayUnderTest gateway)
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        var late = await Subscriber.SignUpAsync(gateway);
        await late.PassAsync(TimeSpan.FromDays(8));
        var open = await Subscriber.SignUpAsync(gateway);
        var template = await site.PublishedAsync("ours");
        var segment = await site.SegmentAsync("french", "country = \"FR\"");
        var hook = await site.HookAsync("sms.sent", "https://hooks.example.org/fuzz");
        var mail = await site.MailAsync(member.Address);
        var sms = await site.SendSmsAsync();
        var search = await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", new JsonObject { ["email"] = member.Address });
        var contact =
            (string?)search.Json["id"] ?? (string?)search.Json["items"]?[0]?["id"] ?? "con_" + Guid.CreateVersion7().ToString("N");
        return new(
            site,
            await site.TokenAsync(),
            [site.PublicId, site.ListId, template, segment, hook, mail.Id, sms.Id, contact, late.Site.PublicId, late.Site.ListId],
            ["ours", "french", "plain", "confirmation", "welcome", "Newsletter"],
            [
                member.Leave,
                member.Preferences,
                open.Confirm,
                open.Confirm + "/cancel",
                late.Confirm,
                late.Confirm + "/renew",
                "/c/" + new string('a', 32),
                "/u/" + new string('a', 32),
            ]
        );
    }
}
