using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail.SenderDomains;

/// <summary>A mail that the gateway sends to itself tells it who signs a domain's mails.</summary>
[Collection(MovesTheClock.Name)]
public sealed class DomainTestMailTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly string domain = $"shop-{Guid.CreateVersion7():N}.example";
    private readonly IOptions<MailOptions> options = Options.Create(
        new MailOptions
        {
            ReturnPath = "bounces@returns.example",
            BounceListener = new() { Port = 2525 },
        }
    );
    private SiteUnderTest site = null!;

    public async Task InitializeAsync() => site = await gateway.NewSiteAsync(one => one.FromEmail = $"news@{domain}");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_signed_it_is_looked_up_from_then_on()
    {
        gateway.Dns.Script(
            $"{domain} A 192.0.2.1\n_dmarc.{domain} TXT v=DMARC1; p=reject\nk7._domainkey.{domain} TXT v=DKIM1; p={Keys.Rsa2048}"
        );
        Assert.DoesNotContain("dkim_good", await FindingsAsync());

        using var mail = await SentAsync();
        mail.Headers.Insert(0, "DKIM-Signature", "v=1; a=rsa-sha256; d=provider.example; s=own; h=from; b=x");
        mail.Headers.Insert(0, "DKIM-Signature", $"v=1; a=rsa-sha256; d={domain}; s=k7; h=from; b=x");
        mail.Headers.Insert(0, "Return-Path", "<b+1@bounces.provider.example>");
        Assert.True(await ArrivesAsync(mail));

        gateway.Advance(TimeSpan.FromMinutes(2));
        var findings = await FindingsAsync();
        Assert.Contains("dkim_good", findings);
        Assert.Contains("alignment_spf_wrong", findings);

        // It says so once: whoever sees such an address later cannot make the gateway believe something else.
        mail.Headers.Insert(0, "DKIM-Signature", $"v=1; a=rsa-sha256; d={domain}; s=other; h=from; b=x");
        Assert.False(await ArrivesAsync(mail));

        // A provider may have changed its keys by then.
        gateway.Advance(TimeSpan.FromDays(91));
        Assert.DoesNotContain("dkim_good", await FindingsAsync());
    }

    [Fact]
    public async Task A_mail_of_somebody_else_that_comes_in_there_changes_nothing()
    {
        using var mail = await SentAsync();
        using var other = new MimeMessage { Body = new TextPart { Text = "Hello" } };
        other.From.Add(MailboxAddress.Parse("eve@elsewhere.example"));
        other.To.AddRange(mail.To);
        other.Headers.Add("DKIM-Signature", "v=1; a=rsa-sha256; d=elsewhere.example; s=eve; h=from; b=x");

        Assert.False(await ArrivesAsync(other));

        var test = await gateway.InDatabaseAsync(db => db.DomainTestMails.AsNoTracking().SingleAsync(one => one.Domain == domain));
        Assert.Equal((null, null), (test.ArrivedAt, test.Selector));
    }

    [Fact]
    public async Task One_leaves_within_a_minute()
    {
        using var first = await SentAsync();
        Assert.True((await SendAsync()).IsRefused(out var early, out _));
        Assert.Equal("rate_limited", early.Code);

        gateway.Advance(DomainTestMails.Apart);
        Assert.False((await SendAsync()).IsRefused(out _, out _));
    }

    [Fact]
    public async Task What_cannot_be_tested_is_told()
    {
        // This gateway has no address that mails come back to.
        var none = await TestAsync(domain);
        var nonsense = await TestAsync("no domain");
        var command = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["domain", "test", domain, "--wait", "0"]);
        var foreign = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["domain", "test", "nobody.example"]);

        Assert.Equal((HttpStatusCode.Conflict, "no_return_path"), (none.Status, none.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (nonsense.Status, nonsense.Code));
        Assert.Contains("set Mail__ReturnPath", command.Error, StringComparison.Ordinal);
        Assert.Contains("No site sends from nobody.example", foreign.Error, StringComparison.Ordinal);
        Assert.True((await SendAsync("nobody.example")).IsRefused(out var why, out _));
        Assert.Equal("not_found", why.Code);
    }

    private Task<Answer> TestAsync(string of) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/sender-domains/test", new JsonObject { ["domain"] = of }, scope: "mail");

    private Task<Infrastructure.Result<Message>> SendAsync(string? of = null) =>
        gateway.InScopeAsync<IServiceProvider, Infrastructure.Result<Message>>(async scope =>
            await ActivatorUtilities
                .CreateInstance<DomainTestMails>(scope, options, Path())
                .SendAsync(
                    await scope.GetRequiredService<SiteStore>().GetAsync(site.Id, CancellationToken.None),
                    of ?? domain,
                    CancellationToken.None
                )
        );

    /// <summary>Sends one, and takes it where the mail server does.</summary>
    private async Task<MimeMessage> SentAsync()
    {
        Assert.False((await SendAsync()).IsRefused(out _, out var message));
        return await gateway.MailToAsync(message.Address!);
    }

    private Task<bool> ArrivesAsync(MimeMessage mail) =>
        ActivatorUtilities.CreateInstance<TakeInReports>(gateway.Services, Path()).StoreAsync(mail, [], CancellationToken.None);

    private async Task<List<string>> FindingsAsync()
    {
        var answer = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sender-domains/check",
            new JsonObject { ["domain"] = domain },
            scope: "mail"
        );
        return [.. answer.Json["findings"]!.AsArray().Select(one => (string)one!["code"]!)];
    }

    private ReturnPath Path() => new(options, gateway.Services.GetRequiredService<MasterKey>());
}
