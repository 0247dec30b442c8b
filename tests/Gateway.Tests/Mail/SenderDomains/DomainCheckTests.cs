using System.Net;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure.NameServers;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail.SenderDomains;

/// <summary>Set-ups of sender domains as they are met, each told rightly.</summary>
public sealed class DomainCheckTests
{
    private static readonly DomainQuestion OwnRelay = new("shop.test")
    {
        Relay = "mail.shop.test",
        ReturnPath = "shop.test",
        Selectors = ["one"],
        SendingAddress = IPAddress.Parse("192.0.2.25"),
        IsAddressGiven = true,
    };

    /// <summary>What is changed in a domain that is in order, the findings that must be there, and the word for it all.</summary>
    public static TheoryData<string, string, string, string> SetUps =>
        new()
        {
            { "in order", "", "spf_good dkim_good dmarc_good alignment_good mx_good ptr_good", "Good" },
            { "no SPF", "shop.test TXT -", "spf_missing alignment_spf_no_record alignment_good", "Wrong" },
            {
                "neither SPF nor DKIM",
                "shop.test TXT -\none._domainkey.shop.test TXT -",
                "spf_missing alignment_spf_no_record alignment_dkim_no_key alignment_none",
                "Wrong"
            },
            { "two SPF records", "shop.test TXT v=spf1 include:other.test ~all", "spf_several_records", "Wrong" },
            { "SPF that lets everybody", "shop.test TXT -\nshop.test TXT v=spf1 +all", "spf_allows_all", "Wrong" },
            { "SPF that lets everybody without saying plus", "shop.test TXT -\nshop.test TXT v=spf1 all", "spf_allows_all", "Wrong" },
            {
                "SPF that says nothing of others",
                "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25 ?all",
                "spf_neutral",
                "Improvable"
            },
            { "SPF without an end", "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25", "spf_no_all", "Improvable" },
            { "SPF with ptr", "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25 ptr -all", "spf_ptr", "Improvable" },
            { "SPF with a typing error", "shop.test TXT -\nshop.test TXT v=spf1 ipv4:192.0.2.25 -all", "spf_syntax", "Wrong" },
            { "SPF that includes nothing", "shop.test TXT -\nshop.test TXT v=spf1 include:gone.test -all", "spf_include_empty", "Wrong" },
            {
                "SPF that goes in a circle",
                "shop.test TXT -\nshop.test TXT v=spf1 include:a.test -all\na.test TXT v=spf1 include:shop.test -all",
                "spf_circle",
                "Wrong"
            },
            {
                "SPF with too many lookups",
                "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25 include:a.test include:b.test -all\n"
                    + "a.test TXT v=spf1 a:h.test a:h.test a:h.test a:h.test a:h.test -all\n"
                    + "b.test TXT v=spf1 a:h.test a:h.test a:h.test a:h.test -all\nh.test A 192.0.2.9",
                "spf_too_many_lookups",
                "Wrong"
            },
            {
                "SPF with names that are gone",
                "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25 a:x.test a:y.test mx:z.test -all",
                "spf_too_many_void_lookups",
                "Wrong"
            },
            { "SPF without the sender", "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.99 -all", "spf_address_fails", "Wrong" },
            {
                "SPF with curly quotes",
                "shop.test TXT -\nshop.test TXT v=spf1 ip4:192.0.2.25 “-all",
                "spf_not_ascii spf_syntax",
                "Wrong"
            },
            { "SPF of the old kind", "shop.test TXT -\nshop.test TXT spf2.0/pra ip4:192.0.2.25 -all", "spf_missing", "Wrong" },
            { "no DKIM key", "one._domainkey.shop.test TXT -", "dkim_missing", "Wrong" },
            { "a DKIM key that is tried out", $"{ChangeKey}v=DKIM1; t=y:s; p={Keys.Rsa2048}", "dkim_testing", "Improvable" },
            { "a DKIM key that was revoked", ChangeKey + "v=DKIM1; p=", "dkim_revoked", "Wrong" },
            { "a short DKIM key", $"{ChangeKey}v=DKIM1; p={Keys.Rsa512}", "dkim_short_key", "Wrong" },
            { "a weak DKIM key", $"{ChangeKey}v=DKIM1; p={Keys.Rsa1024}", "dkim_weak_key alignment_good", "Improvable" },
            { "a DKIM key of an unknown kind", $"{ChangeKey}v=DKIM1; k=mldsa; p={Keys.Rsa2048}", "dkim_unknown_kind", "Wrong" },
            { "a DKIM key that was cut", $"{ChangeKey}v=DKIM1; p={Keys.Rsa2048[..200]}", "dkim_unreadable_key", "Wrong" },
            { "a DKIM key of Ed25519", $"{ChangeKey}v=DKIM1; k=ed25519; p={Keys.Ed25519}", "dkim_good", "Good" },
            {
                "two DKIM keys at one selector",
                $"one._domainkey.shop.test TXT v=DKIM1; p={Keys.Rsa2048}",
                "dkim_several_records",
                "Wrong"
            },
            { "no DMARC", "_dmarc.shop.test TXT -", "dmarc_missing", "Wrong" },
            {
                "DMARC that only watches",
                ChangeDmarc + "v=DMARC1; p=none; rua=mailto:r@shop.test",
                "dmarc_policy_none dmarc_good",
                "Good"
            },
            { "DMARC that is tried out", ChangeDmarc + "v=DMARC1; p=reject; t=y; rua=mailto:r@shop.test", "dmarc_testing", "Improvable" },
            { "DMARC with pct", ChangeDmarc + "v=DMARC1; p=reject; pct=20; rua=mailto:r@shop.test", "dmarc_removed_tags", "Improvable" },
            { "two DMARC records", "_dmarc.shop.test TXT v=DMARC1; p=none", "dmarc_several_records", "Wrong" },
            { "DMARC in small letters", ChangeDmarc + "v=dmarc1; p=none", "dmarc_malformed", "Wrong" },
            { "DMARC without a policy", ChangeDmarc + "v=DMARC1; p=block; rua=mailto:r@shop.test", "dmarc_policy_invalid", "Wrong" },
            {
                "DMARC reports to strangers",
                ChangeDmarc + "v=DMARC1; p=reject; rua=mailto:r@other.test",
                "dmarc_reports_not_authorized",
                "Improvable"
            },
            {
                "DMARC reports to somebody who wants them",
                ChangeDmarc + "v=DMARC1; p=reject; rua=mailto:r@other.test\nshop.test._report._dmarc.other.test TXT v=DMARC1",
                "dmarc_good",
                "Good"
            },
            { "null MX", "shop.test MX -\nshop.test MX 0 .", "mx_null", "Wrong" },
            { "no mail server", "shop.test MX -", "mx_implicit", "Improvable" },
            { "a mail server that is gone", "mail.shop.test A -", "mx_unresolvable", "Wrong" },
            { "an address without a name", "25.2.0.192.in-addr.arpa PTR -", "ptr_missing", "Wrong" },
            { "a name that leads elsewhere", "mail.shop.test A -\nmail.shop.test A 192.0.2.77", "ptr_mismatch", "Wrong" },
            {
                "BIMI without enforcement",
                ChangeDmarc + "v=DMARC1; p=none; rua=mailto:r@shop.test\n" + Bimi,
                "bimi_policy",
                "Improvable"
            },
            { "BIMI", Bimi, "bimi_good", "Good" },
            { "MTA-STS without an id", "_mta-sts.shop.test TXT v=STSv1;", "mta_sts_invalid", "Improvable" },
            { "TLS-RPT", "_smtp._tls.shop.test TXT v=TLSRPTv1; rua=mailto:tls@shop.test", "tls_rpt_good", "Good" },
            { "name servers that fail", "shop.test fails", "spf_unanswered mx_unanswered", "Unknown" },
            { "name servers that say nothing of DMARC", "_dmarc.shop.test silent", "dmarc_unanswered", "Unknown" },
            { "name servers that say nothing of DKIM", "one._domainkey.shop.test silent", "dkim_unanswered", "Unknown" },
        };

    private const string ChangeKey = "one._domainkey.shop.test TXT -\none._domainkey.shop.test TXT ";
    private const string ChangeDmarc = "_dmarc.shop.test TXT -\n_dmarc.shop.test TXT ";
    private const string Bimi = "default._bimi.shop.test TXT v=BIMI1; l=https://shop.test/logo.svg; a=";

    [Theory]
    [MemberData(nameof(SetUps))]
    public async Task Each_set_up_is_told_rightly(string setUp, string changes, string codes, string state)
    {
        var report = await CheckAsync(ScriptedDns.Good().Script(changes), OwnRelay);

        var told = report.Findings.Select(finding => finding.Code).ToList();
        Assert.True(codes.Split(' ').All(told.Contains), $"{setUp}: {string.Join(' ', told)}");
        Assert.True(state == report.State.ToString(), $"{setUp}: {report.State}, {string.Join(' ', told)}");
        Assert.All(report.Findings, finding => Assert.EndsWith(".", finding.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_that_does_not_exist_is_told_as_one_thing()
    {
        var report = await CheckAsync(new ScriptedDns(), OwnRelay);

        Assert.Equal("domain_missing", Assert.Single(report.Findings).Code);
    }

    [Fact]
    public async Task What_nobody_answered_is_never_wrong()
    {
        var dns = new Silent();

        var report = await CheckAsync(dns, OwnRelay);

        Assert.Equal(DomainState.Unknown, report.State);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity is DomainSeverity.Error or DomainSeverity.Warning);
    }

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.25 include:other.test ~all", "spf_several_records")]
    [InlineData("v=spf1 include:x.test +all", "spf_allows_all")]
    public async Task The_record_to_publish_is_one_that_is_in_order(string second, string code)
    {
        var dns = ScriptedDns.Good().Script($"other.test TXT v=spf1 ip4:192.0.2.7 -all\nx.test TXT v=spf1 ip4:192.0.2.25 -all");
        _ = code == "spf_several_records" ? dns : dns.Script("shop.test TXT -");
        dns.Script("shop.test TXT " + second);
        var found = (await CheckAsync(dns, OwnRelay)).Findings.First(finding => finding.Code == code);

        var (name, type, value) = found.Publish!;
        var better = await CheckAsync(dns.Script($"{name} {type} -\n{name} {type} {value}"), OwnRelay);

        Assert.Contains(better.Findings, finding => finding.Code == "spf_good");
        Assert.Contains(better.Findings, finding => finding.Code == "spf_address_passes");
    }

    [Theory]
    [InlineData("dmarc_missing", "_dmarc.shop.test TXT -", "dmarc_good")]
    [InlineData("dmarc_testing", ChangeDmarc + "v=DMARC1; p=reject; t=y; rua=mailto:r@shop.test", "dmarc_good")]
    [InlineData("dmarc_removed_tags", ChangeDmarc + "v=DMARC1; p=reject; pct=20; rua=mailto:r@shop.test", "dmarc_good")]
    [InlineData("dmarc_several_records", "_dmarc.shop.test TXT v=DMARC1; p=none", "dmarc_good")]
    [InlineData("dmarc_policy_invalid", ChangeDmarc + "v=DMARC1; p=nein", "dmarc_good")]
    [InlineData("spf_missing", "shop.test TXT -", "spf_good")]
    public async Task Who_publishes_what_is_proposed_is_told_that_it_is_in_order(string code, string changes, string then)
    {
        var dns = ScriptedDns.Good().Script(changes);
        var found = (await CheckAsync(dns, OwnRelay)).Findings.First(finding => finding.Code == code);

        var (name, type, value) = found.Publish!;
        var better = await CheckAsync(dns.Script($"{name} {type} -\n{name} {type} {value}"), OwnRelay);

        Assert.Contains(better.Findings, finding => finding.Code == then);
    }

    [Theory]
    [InlineData("shop.test", "r", true)]
    [InlineData("bounces.shop.test", "r", true)]
    [InlineData("bounces.shop.test", "s", false)]
    [InlineData("provider.test", "r", false)]
    public async Task Spf_fits_where_mails_come_back_to_the_same_organization(string returnPath, string mode, bool fits)
    {
        var dns = ScriptedDns
            .Good()
            .Script($"{ChangeDmarc}v=DMARC1; p=reject; aspf={mode}; adkim=s; rua=mailto:r@shop.test")
            .Script($"{returnPath} TXT -\n{returnPath} TXT v=spf1 ip4:192.0.2.25 -all");

        var report = await CheckAsync(dns, OwnRelay with { ReturnPath = returnPath });

        Assert.Contains(report.Findings, finding => finding.Code == (fits ? "alignment_spf_good" : "alignment_spf_wrong"));
        Assert.Contains(report.Findings, finding => finding.Code == "alignment_good");
    }

    [Theory]
    [InlineData("mail.shop.test", "r", true)]
    [InlineData("mail.shop.test", "s", false)]
    [InlineData("provider.test", "r", false)]
    public async Task Dkim_fits_where_the_same_organization_signs(string signing, string mode, bool fits)
    {
        var dns = ScriptedDns
            .Good()
            .Script($"{ChangeDmarc}v=DMARC1; p=reject; adkim={mode}; rua=mailto:r@shop.test")
            .Script($"one._domainkey.{signing} TXT v=DKIM1; p={Keys.Rsa2048}")
            .Script("bounces.other.test TXT v=spf1 ip4:192.0.2.25 -all");

        var report = await CheckAsync(
            dns,
            OwnRelay with
            {
                SigningDomain = signing,
                ReturnPath = "bounces.other.test",
                IsFromMail = true,
            }
        );

        Assert.Contains(
            report.Findings,
            finding => finding.Code == (fits ? "alignment_dkim_good" : "alignment_dkim_wrong") && finding.Basis == FindingBasis.Measured
        );
        Assert.Equal(fits, report.Findings.All(finding => finding.Code != "alignment_none"));
    }

    [Theory]
    [InlineData("v=spf1 mx ~all", null, "alignment_spf_unknown_sender")]
    [InlineData("v=spf1 ip4:192.0.2.25 ~all", "192.0.2.25", "alignment_spf_good")]
    [InlineData("v=spf1 ip4:192.0.2.99 ~all", "192.0.2.25", "alignment_spf_no_record")]
    public async Task Spf_carries_a_domain_only_where_its_record_names_where_mails_leave_from(string record, string? address, string code)
    {
        var dns = ScriptedDns.Good().Script($"shop.test TXT -\nshop.test TXT {record}\none._domainkey.shop.test TXT -");
        var question = OwnRelay with { SendingAddress = address is null ? null : IPAddress.Parse(address), Relay = null };

        var report = await CheckAsync(dns, question);

        Assert.Contains(report.Findings, finding => finding.Code == code);
        Assert.Equal(code == "alignment_spf_good", report.Findings.Any(finding => finding.Code == "alignment_good"));
    }

    [Fact]
    public async Task Where_nobody_knows_where_mails_leave_from_no_record_is_named_that_may_be_wrong()
    {
        var report = await CheckAsync(
            ScriptedDns.Good().Script("shop.test TXT -"),
            OwnRelay with
            {
                SendingAddress = null,
                Relay = null,
            }
        );

        var missing = Assert.Single(report.Findings, finding => finding.Code == "spf_missing");
        Assert.Null(missing.Publish);
        Assert.Contains("which is not known here", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_from_a_setting_is_said_to_be_declared()
    {
        var report = await CheckAsync(ScriptedDns.Good(), OwnRelay with { IsAddressGiven = false });

        Assert.All(
            report.Findings.Where(finding => finding.Code is "alignment_good" or "ptr_good" or "spf_address_passes"),
            finding => Assert.Equal(FindingBasis.Declared, finding.Basis)
        );
        Assert.All(
            report.Findings.Where(finding => finding.Code is "spf_good" or "dkim_good" or "dmarc_good" or "mx_good"),
            finding => Assert.Equal(FindingBasis.Measured, finding.Basis)
        );
    }

    [Theory]
    [InlineData("in-v3.mailjet.com", "mailjet", "dkim_good")]
    [InlineData("smtp-relay.brevo.com", "brevo2", "dkim_good")]
    [InlineData("smtp-relay.brevo.com", "other", "dkim_missing")]
    [InlineData("smtp.postmarkapp.com", "20261129pm", "dkim_selector_unknown")]
    public async Task A_provider_is_known_by_its_selectors(string relay, string selector, string code)
    {
        var dns = ScriptedDns.Good().Script($"{selector}._domainkey.shop.test TXT k=rsa; p={Keys.Rsa2048}");

        var report = await CheckAsync(dns, new("shop.test") { Relay = relay });

        Assert.Contains(report.Findings, finding => finding.Code == code);
        Assert.Contains(report.Findings, finding => finding.Code == "alignment_spf_unknown");
        Assert.Contains(report.Findings, finding => finding.Code == "ptr_unknown");
    }

    [Fact]
    public async Task An_own_key_has_to_be_published_as_it_is()
    {
        var own = new OwnDkimRecord("gw", $"v=DKIM1; k=rsa; p={Keys.Rsa2048}", IsSigning: true);
        var question = OwnRelay with { Selectors = [], OwnKeys = [own] };

        var missing = await CheckAsync(ScriptedDns.Good(), question);
        var other = await CheckAsync(ScriptedDns.Good().Script($"gw._domainkey.shop.test TXT v=DKIM1; p={Keys.Rsa1024}"), question);
        var right = await CheckAsync(ScriptedDns.Good().Script($"gw._domainkey.shop.test TXT {own.Value}"), question);

        Assert.Equal(
            new("gw._domainkey.shop.test", "TXT", own.Value),
            missing.Findings.First(one => one.Code == "dkim_own_key_missing").Publish
        );
        Assert.Contains(other.Findings, finding => finding.Code == "dkim_own_key_missing");
        Assert.Contains(right.Findings, finding => finding.Code == "dkim_good");
    }

    [Theory]
    [InlineData("a.b.shop.test", "a.b.shop.test b.shop.test shop.test test")]
    [InlineData("1.2.3.4.5.6.7.8", "1.2.3.4.5.6.7.8 2.3.4.5.6.7.8 3.4.5.6.7.8 4.5.6.7.8 5.6.7.8 6.7.8 7.8 8")]
    [InlineData(
        "1.2.3.4.5.6.7.8.9.shop.test",
        "1.2.3.4.5.6.7.8.9.shop.test 5.6.7.8.9.shop.test 6.7.8.9.shop.test 7.8.9.shop.test 8.9.shop.test 9.shop.test shop.test test"
    )]
    public void The_walk_up_the_tree_asks_at_most_eight_times(string domain, string names) =>
        Assert.Equal(names, string.Join(' ', DmarcTreeWalk.NamesOf(domain)));

    [Theory]
    // The record of the organization counts below it, with sp, and with np for a name that does not exist.
    [InlineData("news.shop.test", "_dmarc.shop.test TXT v=DMARC1; p=reject; sp=quarantine; np=none", "quarantine", "shop.test")]
    [InlineData("gone.shop.test", "_dmarc.shop.test TXT v=DMARC1; p=reject; sp=quarantine; np=none", "none", "shop.test")]
    [InlineData("news.shop.test", "_dmarc.shop.test TXT v=DMARC1; p=reject", "reject", "shop.test")]
    // psd=n ends the walk; what stands above belongs to somebody else.
    [InlineData(
        "a.news.shop.test",
        "_dmarc.news.shop.test TXT v=DMARC1; p=none; psd=n\n_dmarc.shop.test TXT v=DMARC1; p=reject",
        "none",
        "news.shop.test"
    )]
    // psd=y is the suffix: the organization is one label below it.
    [InlineData(
        "news.shop.test",
        "_dmarc.test TXT v=DMARC1; p=reject; psd=y\n_dmarc.shop.test TXT v=DMARC1; p=none",
        "none",
        "shop.test"
    )]
    [InlineData("news.shop.test", "_dmarc.test TXT v=DMARC1; p=reject; psd=y", "reject", "test")]
    // Its own record comes before all others.
    [InlineData(
        "news.shop.test",
        "_dmarc.news.shop.test TXT v=DMARC1; p=none\n_dmarc.shop.test TXT v=DMARC1; p=reject",
        "none",
        "news.shop.test"
    )]
    public async Task The_policy_is_found_by_walking_up_the_tree(string domain, string records, string policy, string from)
    {
        var dns = new ScriptedDns()
            .Script("news.shop.test A 192.0.2.1\na.news.shop.test A 192.0.2.1\nshop.test A 192.0.2.1")
            .Script(records);

        var found = await new DmarcCheck(dns, new(dns)).OfAsync(domain, CancellationToken.None);

        Assert.Equal((policy, from), (found.Policy, found.PolicyDomain));
    }

    [Theory]
    // RFC 7208, section 7.4.
    [InlineData("%{d}", "email.example.com")]
    [InlineData("%{d2}", "example.com")]
    [InlineData("%{d1}", "com")]
    [InlineData("%{dr}", "com.example.email")]
    [InlineData("%{d2r}", "example.email")]
    [InlineData("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com")]
    [InlineData("a%%b%_c%-", "a%b c%20")]
    [InlineData("%{l}._spf.%{d}", null)]
    public void Macros_are_filled_in(string text, string? filled)
    {
        var expanded = SpfMacros.Expand(text, "email.example.com", "email.example.com", IPAddress.Parse("192.0.2.3"));

        Assert.True(expanded.IsValid);
        Assert.Equal(filled, expanded.Text);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%{d")]
    [InlineData("%{d0}")]
    [InlineData("%{x}")]
    [InlineData("%{d!}")]
    public void What_is_no_macro_is_none(string text) => Assert.False(SpfMacros.Expand(text, "a.test", "a.test", null).IsValid);

    [Fact]
    public async Task Whoever_writes_records_cannot_make_a_check_ask_without_end()
    {
        var dns = ScriptedDns
            .Good()
            .Script(
                "shop.test TXT -\nshop.test TXT v=spf1 " + string.Join(' ', Enumerable.Range(0, 200).Select(n => $"include:n{n}.test"))
            );
        for (var n = 0; n < 200; n++)
        {
            dns.Script($"n{n}.test TXT v=spf1 " + string.Join(' ', Enumerable.Range(0, 50).Select(m => $"a:m{n}-{m}.test")));
        }

        var report = await CheckAsync(dns, OwnRelay);

        Assert.Contains(report.Findings, finding => finding.Code == "spf_too_many_lookups");
        Assert.InRange(dns.Asked.Count, 1, 150);
    }

    [Fact]
    public async Task Whoever_writes_records_cannot_make_a_check_say_without_end()
    {
        var words = string.Join(' ', Enumerable.Range(0, 700).Select(n => $"w{n}"));
        var dns = ScriptedDns.Good().Script($"shop.test TXT -\nshop.test TXT v=spf1 include:a.test {words}\na.test TXT v=spf1 {words}");
        dns.Script(
            $"_dmarc.shop.test TXT -\n_dmarc.shop.test TXT v=DMARC1; p=none; rua={string.Join(',', Enumerable.Repeat("a", 1_000))}"
        );
        Assert.InRange((await CheckAsync(dns, OwnRelay)).Findings.Count, 10, 80);

        var endless = ScriptedDns.Good().Script("shop.test TXT -\nshop.test TXT v=spf1 " + new string('x', 60_000));
        var finding = (await CheckAsync(endless, OwnRelay)).Findings.First(one => one.Topic == DomainTopics.Spf);
        Assert.Equal(FindingBasis.CannotBeChecked, finding.Basis);
    }

    [Fact]
    public async Task The_address_of_a_relay_in_ones_own_network_is_nothing_to_publish()
    {
        var report = await CheckAsync(ScriptedDns.Good(), new DomainQuestion("shop.test") { Relay = "10.1.2.3" });
        Assert.DoesNotContain(
            report.Findings,
            finding => $"{finding.Message} {finding.Publish}".Contains("10.1.2.3", StringComparison.Ordinal)
        );
    }

    /// <summary>A policy as RFC 8461 has it, what is changed in it, and what is found.</summary>
    [Theory]
    [InlineData("", "", "mta_sts_good", "Good")]
    [InlineData("enforce", "testing", "mta_sts_testing", "Good")]
    [InlineData("enforce", "none", "mta_sts_none", "Good")]
    [InlineData("mail.shop.test", "*.shop.test", "mta_sts_good", "Good")]
    [InlineData("mail.shop.test", "*.test", "mta_sts_server_unnamed", "Improvable")]
    [InlineData("mail.shop.test", "other.test", "mta_sts_server_unnamed", "Improvable")]
    [InlineData("STSv1", "STSv2", "mta_sts_policy_invalid", "Improvable")]
    [InlineData("enforce", "always", "mta_sts_policy_invalid", "Improvable")]
    [InlineData("max_age: 604800", "max_age: 31557601", "mta_sts_policy_invalid", "Improvable")]
    [InlineData("max_age: 604800", "max_age: 300", "mta_sts_max_age", "Good")]
    [InlineData("mx: mail.shop.test", "", "mta_sts_policy_invalid", "Improvable")]
    public async Task A_policy_of_MTA_STS_is_read_and_compared_with_the_mail_servers(string what, string by, string code, string state)
    {
        const string Policy = "version: STSv1\r\nmode: enforce\r\nmx: mail.shop.test\r\nmax_age: 604800\r\n";
        var text = what.Length == 0 ? Policy : Policy.Replace(what, by, StringComparison.Ordinal);

        var report = await CheckAsync(WithMtaSts, OwnRelay, new MtaStsFile(text, null));

        Assert.Equal((code, state), (report.Findings.Single(one => one.Topic == DomainTopics.MtaSts).Code, $"{report.State}"));
    }

    [Theory]
    [InlineData("the server answers with status 404", "mta_sts_no_policy", nameof(FindingBasis.Measured))]
    [InlineData(null, "mta_sts_unreached", nameof(FindingBasis.CannotBeChecked))]
    public async Task A_policy_that_is_not_there_is_told_apart_from_one_that_cannot_be_reached(string? fault, string code, string basis)
    {
        var report = await CheckAsync(WithMtaSts, OwnRelay, new MtaStsFile(null, fault));

        var finding = report.Findings.Single(one => one.Topic == DomainTopics.MtaSts);
        Assert.Equal((code, basis), (finding.Code, $"{finding.Basis}"));
    }

    private static ScriptedDns WithMtaSts => ScriptedDns.Good().Script("_mta-sts.shop.test TXT v=STSv1; id=20261129");

    private static Task<DomainReport> CheckAsync(IDnsAnswers dns, DomainQuestion question, MtaStsFile? policy = null) =>
        new CheckDomain(dns, new OnePolicy(policy), new TestClock()).OfAsync(question, CancellationToken.None);

    private sealed class Silent : IDnsAnswers
    {
        public Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct) =>
            Task.FromResult(new DnsAnswer(DnsOutcome.TimedOut, []));
    }
}
