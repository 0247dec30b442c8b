using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Gateway.Tests.Mail.Dkim;

/// <summary>Mails of a domain with a key of ours carry signatures that verify; all others are as they were.</summary>
public sealed class SignedMailTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"shop-{Guid.CreateVersion7():N}.example";
    private readonly PublishedKeys published = new();

    [Theory]
    [InlineData("rsa")]
    [InlineData("ed25519")]
    [InlineData("rsa ed25519")]
    public async Task Every_signature_verifies_and_covers_what_it_has_to(string kinds)
    {
        await SignWithAsync(kinds.Split(' '));

        var mail = await WelcomeAsync();

        Assert.Equal(kinds.Split(' ').Select(_ => true), await published.VerifyAsync(mail));
        foreach (var signature in mail.Headers.Where(header => header.Id == HeaderId.DkimSignature))
        {
            var tags = TagList.Of(signature.Value);
            var signed = tags["h"]!.Split(':').Select(name => name.Trim().ToLowerInvariant()).ToList();
            Assert.Equal(domain, tags["d"]);
            Assert.Equal(2, signed.Count(name => name == "from"));
            Assert.Equal(2, signed.Count(name => name == "subject"));
            string[] covered = ["list-unsubscribe", "list-unsubscribe-post", "list-id", "to", "date", "message-id", "content-type"];
            Assert.All(covered.Where(name => mail.Headers.Contains(name)), name => Assert.Contains(name, signed));
            Assert.True(mail.Headers.Contains("List-Unsubscribe-Post"));
        }
    }

    [Theory]
    [InlineData("Subject: changed")]
    [InlineData("From: boss@bank.example")]
    [InlineData("Reply-To: boss@bank.example")]
    [InlineData("List-Unsubscribe: <https://evil.example>")]
    public async Task A_header_that_somebody_changes_or_adds_breaks_the_signature(string header)
    {
        await SignWithAsync("rsa", "ed25519");
        var mail = await WelcomeAsync();

        var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);
        if (name is "From" or "Reply-To")
        {
            mail.Headers.Add(name, value);
        }
        else
        {
            mail.Headers[name] = value;
        }

        Assert.Equal([false, false], await published.VerifyAsync(mail));
    }

    [Fact]
    public async Task Mails_of_a_domain_without_a_key_are_not_signed()
    {
        await SignWithAsync("rsa");

        var mail = await ConfirmationAsync($"other-{Guid.CreateVersion7():N}.example");

        Assert.False(mail.Headers.Contains(HeaderId.DkimSignature));
    }

    [Fact]
    public async Task A_new_key_signs_in_place_of_the_old_one_when_told_so_and_not_before()
    {
        await SignWithAsync("rsa");
        var first = await SelectorAsync();

        await PrepareAsync("rsa");
        Assert.Equal(first, await SelectorAsync());
        await gateway.InTransactionAsync<DkimKeyStore, int>(store => store.SignAsync(domain, CancellationToken.None));
        Forget();
        Assert.Equal(first + "-2", await SelectorAsync());
        await gateway.InTransactionAsync<DkimKeyStore, int>(store => store.StopAsync(domain, CancellationToken.None));
        Forget();
        Assert.Null(await SelectorAsync());

        var rows = await gateway.InScopeAsync<DkimKeyStore, List<DkimKey>>(store => store.OfDomainAsync(domain, CancellationToken.None));
        Assert.All(rows, row => Assert.Equal((DkimKeyState.Retired, null), (row.State, row.ProtectedKey)));
    }

    [Fact]
    public async Task A_key_that_cannot_be_decrypted_holds_up_the_mails_of_its_domain_alone()
    {
        await SignWithAsync("rsa");
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .DkimKeys.Where(key => key.Domain == domain)
                        .ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedKey, "other"), CancellationToken.None),
                CancellationToken.None
            )
        );
        Forget();

        var (_, site) = await SignUpAsync(domain);
        var held = await site.MessageAsync(message => message.Failures > 0);
        var other = await ConfirmationAsync($"other-{Guid.CreateVersion7():N}.example");

        Assert.NotEqual(MessageState.Sent, held.State);
        Assert.False(other.Headers.Contains(HeaderId.DkimSignature));
    }

    [Fact]
    public async Task The_private_key_does_not_stand_in_the_database_in_clear()
    {
        await PrepareAsync("rsa", "ed25519");

        var rows = await gateway.InScopeAsync<DkimKeyStore, List<DkimKey>>(store => store.OfDomainAsync(domain, CancellationToken.None));

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.ThrowsAny<FormatException>(() => Convert.FromBase64String(row.ProtectedKey!)));
        Assert.All(rows, row => Assert.Empty(DkimRecord.Faults(row.Record().Value)));
    }

    private async Task<string?> SelectorAsync() =>
        (await ConfirmationAsync()).Headers[HeaderId.DkimSignature] is { } signature ? TagList.Of(signature)["s"] : null;

    private async Task<MimeMessage> ConfirmationAsync(string? from = null)
    {
        var address = await SignUpAsync(from ?? domain);
        return await gateway.MailToAsync(address.Text);
    }

    /// <summary>The mail that people unsubscribe from by a button of their mail program.</summary>
    private async Task<MimeMessage> WelcomeAsync()
    {
        var (address, site) = await SignUpAsync(domain);
        await gateway.MailToAsync(address);
        var links = new MessageSecrets(Unsubscribe: new string('x', 90), Preferences: "pref").Protect(
            gateway.Services.GetRequiredService<SecretEncryption>()
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    await db
                        .Subscriptions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(one => one.State, SubscriptionState.Confirmed),
                            CancellationToken.None
                        );
                    var contact = await db.Contacts.SingleAsync(one => one.SiteId == site.Id);
                    return await db.InsertNewAsync(
                        [Message.To(contact, site.List, "welcome", "fr", "welcome", links, gateway.Clock.GetUtcNow())],
                        CancellationToken.None
                    );
                },
                CancellationToken.None
            )
        );
        gateway.Signal();
        return (await gateway.MailsToAsync(address, 2))[^1];
    }

    private async Task<SignedUp> SignUpAsync(string from)
    {
        var site = await gateway.NewSiteAsync(one =>
        {
            one.Name = "Café – 山田";
            one.FromEmail = $"news@{from}";
        });
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await site.SubmitAsync(site.Submission(email: address));
        return new(address, site);
    }

    private sealed record SignedUp(string Text, SiteUnderTest Site);

    private async Task SignWithAsync(params string[] kinds)
    {
        await PrepareAsync(kinds);
        await gateway.InTransactionAsync<DkimKeyStore, int>(store => store.SignAsync(domain, CancellationToken.None));
        Forget();
    }

    private async Task PrepareAsync(params string[] kinds)
    {
        var made = await gateway.InTransactionAsync<DkimKeyStore, Result<IReadOnlyList<DkimKey>>>(store =>
            store.PrepareAsync(domain, kinds, CancellationToken.None)
        );
        Assert.False(made.IsRefused(out _, out var keys));
        foreach (var record in keys.Select(key => key.Record()))
        {
            published.Records[$"{record.Selector}._domainkey.{domain}"] = record.Value;
        }
    }

    /// <summary>As time does: what other tests signed with stays.</summary>
    private void Forget() => gateway.Services.GetRequiredService<SigningKeys>().Forget();
}
