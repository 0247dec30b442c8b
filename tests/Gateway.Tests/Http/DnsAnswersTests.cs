using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure;
using Gateway.Infrastructure.NameServers;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail.SenderDomains;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Http;

/// <summary>What a name server on this machine answers in real packets, and what is made of an answer that is none.</summary>
public sealed class DnsAnswersTests : IAsyncDisposable
{
    private readonly NameServer _server = new();

    private DnsAnswers Dns => new(Options.Create(new GatewayOptions { NameServer = _server.Address }));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task No_record_no_name_and_no_answer_are_three_things()
    {
        _server
            .HasTxt("a.test", "x")
            .Is("fails.test", NameServer.ServFail)
            .Is("refused.test", NameServer.Refused)
            .Is("mad.test", NameServer.Garbage);

        Assert.Equal(DnsOutcome.NoRecord, await OutcomeAsync("a.test", DnsRecordType.Mx));
        Assert.Equal(DnsOutcome.NoName, await OutcomeAsync("b.test", DnsRecordType.Txt));
        Assert.Equal(DnsOutcome.Failed, await OutcomeAsync("fails.test", DnsRecordType.Txt));
        Assert.Equal(DnsOutcome.Failed, await OutcomeAsync("refused.test", DnsRecordType.Txt));
        Assert.False((await Dns.AskAsync("mad.test", DnsRecordType.Txt, CancellationToken.None)).IsKnown);
    }

    [Fact]
    public async Task Whoever_is_not_answered_may_stop_waiting()
    {
        _server.Is("silent.test", NameServer.Silent);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Dns.AskAsync("silent.test", DnsRecordType.Txt, patience.Token));
    }

    [Fact]
    public async Task The_strings_of_a_text_are_joined_and_a_long_one_comes_over_tcp()
    {
        var text = "v=spf1 " + string.Concat(Enumerable.Range(0, 200).Select(number => $"ip4:192.0.2.{number} ")) + "-all";
        _server.HasTxt("long.test", text);

        var answer = await SeenAsync("long.test", DnsRecordType.Txt);

        Assert.Equal(text, Assert.Single(answer.Values).Text);
        Assert.InRange(_server.OverTcp, 1, int.MaxValue);
    }

    [Fact]
    public async Task Letters_beyond_ascii_come_through()
    {
        _server.HasTxt("letters.test", "v=spf1 “-all” é");

        Assert.Equal("v=spf1 “-all” é", Assert.Single((await SeenAsync("letters.test", DnsRecordType.Txt)).Values).Text);
    }

    [Fact]
    public async Task Aliases_are_followed_and_a_circle_of_them_ends()
    {
        _server
            .HasAlias("one.test", "two.test")
            .HasAlias("two.test", "three.test")
            .HasTxt("three.test", "here")
            .HasAlias("left.test", "right.test")
            .HasAlias("right.test", "left.test")
            .HasAlias("self.test", "self.test")
            .HasAlias("dangling.test", "gone.test");

        var followed = await SeenAsync("one.test", DnsRecordType.Txt);
        Assert.Equal(("here", "three.test"), (Assert.Single(followed.Values).Text, followed.Alias));
        Assert.Equal(DnsOutcome.Failed, await OutcomeAsync("left.test", DnsRecordType.Txt));
        Assert.Equal(DnsOutcome.Failed, await OutcomeAsync("self.test", DnsRecordType.Txt));
        var dangling = await SeenAsync("dangling.test", DnsRecordType.Txt);
        Assert.Equal((DnsOutcome.NoName, "gone.test"), (dangling.Outcome, dangling.Alias));
    }

    [Fact]
    public async Task A_whole_domain_is_checked_over_the_wire()
    {
        _server
            .HasAddress("shop.test", "192.0.2.1")
            .HasMx("shop.test", 10, "mail.shop.test")
            .HasAddress("mail.shop.test", "192.0.2.25")
            .HasTxt("shop.test", "google-site-verification=x")
            .HasTxt("shop.test", "v=spf1 include:spf.provider.test -all")
            .HasTxt("spf.provider.test", "v=spf1 a:mail.shop.test -all")
            .HasAlias("one._domainkey.shop.test", "key.provider.test")
            .HasTxt("key.provider.test", $"v=DKIM1; k=rsa; p={Keys.Rsa2048}")
            .HasTxt("_dmarc.shop.test", "v=DMARC1; p=reject; rua=mailto:r@shop.test")
            .Is("_mta-sts.shop.test", NameServer.ServFail);
        var question = new DomainQuestion("shop.test")
        {
            Selectors = ["one"],
            ReturnPath = "shop.test",
            SendingAddress = System.Net.IPAddress.Parse("192.0.2.25"),
            IsAddressGiven = true,
        };

        var report = await Eventually.BecomesAsync(
            () => new CheckDomain(Dns, new OnePolicy(), TimeProvider.System).OfAsync(question, CancellationToken.None),
            seen => seen.Findings.Count(finding => finding.Basis == FindingBasis.CannotBeChecked) == 1
        );

        Assert.Equal(2, report.SpfLookups);
        Assert.Equal("reject", report.Policy);
        string[] told =
        [
            "spf_good",
            "spf_address_passes",
            "dkim_good",
            "dmarc_good",
            "alignment_good",
            "mx_good",
            "mta_sts_unanswered",
            "ptr_missing",
        ];
        Assert.All(told, code => Assert.Contains(report.Findings, finding => finding.Code == code));
    }

    /// <summary>On a busy machine an answer may come too late, which is told as none.</summary>
    private Task<DnsAnswer> SeenAsync(string name, DnsRecordType type) =>
        Eventually.BecomesAsync(() => Dns.AskAsync(name, type, CancellationToken.None), answer => answer.Outcome != DnsOutcome.TimedOut);

    private async Task<DnsOutcome> OutcomeAsync(string name, DnsRecordType type) => (await SeenAsync(name, type)).Outcome;
}
