using System.Text;
using AngleSharp.Html.Parser;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Gateway.Tests.Mail;

public sealed class WelcomeMailTests
{
    // Longer than a line, as some public addresses make it.
    private static readonly string Leave = new('x', 90);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Theory]
    [InlineData("en", "Your subscription to Newsletter is confirmed", "View my preferences", "Unsubscribe")]
    [InlineData("fr", "Votre inscription à Newsletter est confirmée", "Voir mes préférences", "Me désinscrire")]
    [InlineData("de", "Ihre Anmeldung ist bestätigt: Newsletter", "Meine Einstellungen ansehen", "Abmelden")]
    [InlineData("es", "Su suscripción a Newsletter está confirmada", "Ver mis preferencias", "Darme de baja")]
    [InlineData("it", "La Sua iscrizione a Newsletter è confermata", "Le mie preferenze", "Annullare l’iscrizione")]
    public async Task It_says_how_to_leave_again_to_people_and_to_programs(
        string language,
        string subject,
        string preferences,
        string unsubscribe
    )
    {
        await WelcomeAsync(language, SubscriptionState.Confirmed);

        var mail = (await gateway.MailsToAsync(address, 2))[^1];
        var page = new HtmlParser().ParseDocument(mail.HtmlBody!);
        var links = page.QuerySelectorAll("a").ToDictionary(link => link.TextContent.Trim(), link => link.GetAttribute("href")!);

        Assert.Equal(subject, mail.Subject);
        Assert.Equal("http://localhost/p/pref", links[preferences]);
        Assert.Equal("http://localhost/u/" + Leave, links[unsubscribe]);
        Assert.Contains("http://localhost/p/pref", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("http://localhost/u/" + Leave, mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(
            $" <http://localhost/u/{Leave}>\r\n",
            Encoding.ASCII.GetString(mail.Headers.Single(header => header.Id == HeaderId.ListUnsubscribe).RawValue)
        );
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers[HeaderId.ListUnsubscribePost]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Matches(@"^<[0-9a-f]{32}\.localhost>$", mail.Headers[HeaderId.ListId]);
        Assert.Null(mail.Headers["Form-Sub"]);
    }

    [Fact]
    public async Task Nobody_is_welcomed_who_has_left_meanwhile()
    {
        var site = await WelcomeAsync("en", SubscriptionState.Unsubscribed);

        var row = await Eventually.BecomesAsync(
            () =>
                gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().SingleAsync(message => message.SiteId == site.Id && message.Template == "welcome")
                ),
            message => message.DueAt is null
        );

        Assert.Equal((MessageState.Cancelled, "It is not needed any more: the person is not on the list."), (row.State, row.Answer));
        Assert.Single(await gateway.MailsToAsync(address, 1));
    }

    /// <summary>Somebody signs up, and a moment later there is a welcome mail for them.</summary>
    private async Task<SiteUnderTest> WelcomeAsync(string language, SubscriptionState state)
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: address);
        await site.MessageAsync(message => message.State == MessageState.Sent);

        var sealedLinks = new MessageSecrets(Unsubscribe: Leave, Preferences: "pref").Protect(
            gateway.Services.GetRequiredService<SecretEncryption>()
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    await db
                        .Subscriptions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.State, state), CancellationToken.None);
                    var contact = await db.Contacts.SingleAsync(one => one.SiteId == site.Id);
                    return await db.InsertNewAsync(
                        [Message.To(contact, site.List, "welcome", language, "welcome", sealedLinks, gateway.Clock.GetUtcNow())],
                        CancellationToken.None
                    );
                },
                CancellationToken.None
            )
        );
        gateway.Signal();
        return site;
    }
}
