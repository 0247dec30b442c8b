using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.SenderDomains;

public sealed class SenderDomainApiTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"shop-{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task A_site_reads_what_is_seen_of_the_domains_it_sends_from()
    {
        gateway.Dns.Script($"{domain} A 192.0.2.1\n{domain} TXT v=spf1 a -all\n{domain} MX 0 .");
        var site = await gateway.NewSiteAsync(one => one.FromEmail = $"news@{domain}");

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/sender-domains", scope: "read");
        var plugin = await site.SignedAsync(HttpMethod.Get, "sender-domains");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.Status, plugin.Status));
        var one = Assert.Single(answer.Json["items"]!.AsArray())!;
        Assert.Equal((domain, "wrong", 1), ((string?)one["domain"], (string?)one["state"], (int)one["spfLookups"]!));
        var missing = one["findings"]!.AsArray().Single(finding => (string?)finding!["code"] == "dmarc_missing")!;
        Assert.Equal(("error", "measured"), ((string?)missing["severity"], (string?)missing["basis"]));
        Assert.Equal($"_dmarc.{domain}", (string?)missing["publish"]!["name"]);
        Assert.Contains(one["findings"]!.AsArray(), finding => (string?)finding!["code"] == "mx_null");
        Assert.Equal(domain, (string?)plugin.Json["items"]![0]!["domain"]);
    }

    [Fact]
    public async Task A_look_anew_sees_what_was_published_but_not_every_second()
    {
        gateway.Dns.Script($"{domain} A 192.0.2.1\n{domain} TXT v=spf1 a -all");
        var site = await gateway.NewSiteAsync(one => one.FromEmail = $"news@{domain}");

        var first = await CheckAsync(site, domain);
        gateway.Dns.Script($"_dmarc.{domain} TXT v=DMARC1; p=reject");
        var second = await CheckAsync(site, domain.ToUpperInvariant());

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Null(first.Json["dmarcPolicy"]);
        Assert.Equal((string?)first.Json["checkedAt"], (string?)second.Json["checkedAt"]);
    }

    [Fact]
    public async Task The_gateway_asks_the_dns_for_no_domain_that_is_not_the_sites()
    {
        var site = await gateway.NewSiteAsync(one => one.FromEmail = $"news@{domain}");
        var other = $"other-{Guid.CreateVersion7():N}.example";
        await gateway.NewSiteAsync(one => one.FromEmail = $"news@{other}");

        var foreign = await CheckAsync(site, other);
        var none = await CheckAsync(site, "no domain");

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (foreign.Status, foreign.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (none.Status, none.Code));
        Assert.NotNull(none.Json["errors"]!["domain"]);
        Assert.DoesNotContain(gateway.Dns.AskedSoFar(), question => question.Contains(other, StringComparison.Ordinal));
    }

    private static Task<Answer> CheckAsync(SiteUnderTest site, string domain) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/sender-domains/check", new JsonObject { ["domain"] = domain }, scope: "mail");
}
