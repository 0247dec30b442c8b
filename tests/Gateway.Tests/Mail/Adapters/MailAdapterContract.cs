using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail.Adapters;

/// <summary>What the other side does with every mail.</summary>
internal enum MailAnswer
{
    /// <summary>It takes mails; those to <c>refused…</c> and <c>gone…</c> and from <c>stranger…</c> it refuses.</summary>
    Well,

    /// <summary>The credentials count no more.</summary>
    Revoked,

    /// <summary>It is out of order.</summary>
    Broken,

    SlowDown,

    /// <summary>The same, and it says for how long: 20 minutes.</summary>
    SlowDownFor20Minutes,

    /// <summary>Something else answers in its place: a page for people.</summary>
    Page,

    /// <summary>Nobody listens.</summary>
    Unreachable,

    /// <summary>It takes mails, and its answers are lost.</summary>
    Lost,
}

/// <summary>An account at a provider, as the contract of mail adapters needs it.</summary>
internal interface IMailAccount : IAsyncDisposable
{
    /// <summary>The adapter's key: <c>postmark</c>.</summary>
    string Provider { get; }

    /// <summary>The settings of a connection to the account.</summary>
    JsonObject Settings { get; }

    /// <summary>The same with a credential that the provider does not know.</summary>
    JsonObject WrongSettings { get; }

    /// <summary>What it took, in order.</summary>
    IReadOnlyList<ReceivedMail> Mails { get; }

    /// <summary>Whether a mail keeps the Message-ID that we give it.</summary>
    bool KeepsMessageId => true;

    /// <summary>Whether one that is handed over again is known there and not sent again.</summary>
    bool KnowsRepeats { get; }

    /// <summary>Whether it says at once that nobody is there.</summary>
    bool KnowsWhoIsGone { get; }

    /// <summary>Whether its answers have a status and a text apart, which may contradict each other; to <c>odd…</c> they do.</summary>
    bool HasErrorsInside => true;

    /// <summary>Whether it can say for how long to wait.</summary>
    bool SaysHowLong => true;

    /// <summary>How it is from now on.</summary>
    void Be(MailAnswer answer);
}

/// <summary>
/// What every adapter for mails has to do. A new one passes it by a class that derives from this one and an <see cref="IMailAccount"/>; it
/// goes through the gateway's own doors, over a connection of a site.
/// </summary>
public abstract class MailAdapterContract
{
    private static readonly string Leave = new('x', 90);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private protected GatewayUnderTest Gateway => gateway;

    private protected abstract Task<IMailAccount> NewAccountAsync();

    [Fact]
    public async Task A_mail_arrives_whole_with_the_headers_that_matter_and_nobody_counts_what_is_read()
    {
        await using var account = await NewAccountAsync();
        var (site, _) = await ConnectedAsync(account);
        await site.SubmitAsync(email: $"ada@{domain}");
        await site.MessageAsync(row => row.State == MessageState.Sent);
        var welcome = await WelcomeAsync(site);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(account.Mails.Count == 2));

        var mail = account.Mails[1];
        Assert.Equal(($"ada@{domain}", "news@shop.example", "Ann's Shop"), (mail.To, mail.From, mail.FromName));
        Assert.Equal("Votre inscription à Newsletter est confirmée", mail.Subject);
        Assert.Contains("/u/" + Leave, mail.Text, StringComparison.Ordinal);
        Assert.Contains("<html", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("confirmée", WebUtility.HtmlDecode(mail.Html), StringComparison.Ordinal);
        Assert.Equal($"<http://localhost/u/{Leave}>", mail.Headers["List-Unsubscribe"]);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal($"<{site.List.Id:N}.localhost>", mail.Headers["List-Id"]);
        Assert.Equal($"{site.List.Id:N}:{site.Id:N}:welcome:gateway", mail.Headers["Feedback-ID"]);
        Assert.Equal(account.KeepsMessageId ? $"<{welcome.MessageId}@shop.example>" : null, mail.Headers.GetValueOrDefault("Message-ID"));
        Assert.Equal("v=1", account.Mails[0].Headers["Form-Sub"]);
        Assert.NotEqual(true, mail.IsCounted);
        Assert.True(mail.Reference is null || mail.Reference == PublicId.Format(PublicId.Message, welcome.Id));
    }

    [Fact]
    public async Task One_who_is_refused_holds_up_nobody_and_the_answer_names_nobody()
    {
        await using var account = await NewAccountAsync();
        var (site, connection) = await ConnectedAsync(account);

        var refused = await site.MailAsync($"refused@{domain}");
        var fine = await site.MailAsync($"fine@{domain}");

        var told = await site.BecomesAsync(refused.Id, "failed");
        await site.BecomesAsync(fine.Id, "sent");
        Assert.DoesNotContain($"refused@{domain}", (string)told.Json["error"]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal("works", await StateAsync(site, connection));
        Assert.Equal($"fine@{domain}", Assert.Single(account.Mails).To);
    }

    [Fact]
    public async Task Who_is_known_not_to_be_there_is_not_written_to_again()
    {
        await using var account = await NewAccountAsync();
        var (site, _) = await ConnectedAsync(account);

        var mail = await site.MailAsync($"gone@{domain}");

        await site.BecomesAsync(mail.Id, account.KnowsWhoIsGone ? "failed" : "sent");
        var again = await site.MailAsync($"gone@{domain}");
        Assert.Equal(account.KnowsWhoIsGone ? HttpStatusCode.Forbidden : HttpStatusCode.Accepted, again.Status);
    }

    [Fact]
    public async Task A_sender_that_is_refused_waits_and_others_do_not()
    {
        await using var account = await NewAccountAsync();
        var (site, connection) = await ConnectedAsync(account, site => site.FromEmail = "stranger@shop.example");

        await site.MailAsync($"ada@{domain}");

        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == "failing");
        var held = await site.MessageAsync(row => row.HeldBy is not null);
        Assert.Contains("/sender/", held.HeldBy, StringComparison.Ordinal);
        Assert.Empty(account.Mails);
    }

    [Theory]
    [InlineData(nameof(MailAnswer.Revoked))]
    [InlineData(nameof(MailAnswer.Broken))]
    [InlineData(nameof(MailAnswer.SlowDown))]
    [InlineData(nameof(MailAnswer.SlowDownFor20Minutes))]
    [InlineData(nameof(MailAnswer.Page))]
    [InlineData(nameof(MailAnswer.Unreachable))]
    public async Task What_concerns_all_holds_the_connection_and_afterwards_every_mail_arrives_once(string answer)
    {
        await using var account = await NewAccountAsync();
        var how = Enum.Parse<MailAnswer>(answer);
        var (site, connection) = await ConnectedAsync(account);
        account.Be(how);
        foreach (var person in (string[])["a", "b", "c"])
        {
            await site.MailAsync($"{person}@{domain}");
        }

        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == "failing");
        Assert.Empty(account.Mails);
        if (how == MailAnswer.SlowDownFor20Minutes && account.SaysHowLong)
        {
            var probe = await gateway.InDatabaseAsync(db =>
                db.Outages.Where(outage => outage.SiteId == site.Id && outage.EndedAt == null)
                    .Select(outage => outage.ProbeAt)
                    .SingleAsync()
            );
            Assert.InRange(probe - gateway.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(25));
        }

        account.Be(MailAnswer.Well);
        await ArriveAsync(site, connection, 3);
        Assert.Equal([$"a@{domain}", $"b@{domain}", $"c@{domain}"], account.Mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == "works");
    }

    [Fact]
    public async Task A_success_with_an_error_inside_is_an_error()
    {
        await using var account = await NewAccountAsync();
        if (!account.HasErrorsInside)
        {
            return;
        }

        var (site, _) = await ConnectedAsync(account);

        var odd = await site.MailAsync($"odd@{domain}");

        await site.BecomesAsync(odd.Id, "failed");
        Assert.Empty(account.Mails);
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_is_repeated_once_as_the_same_mail()
    {
        await using var account = await NewAccountAsync();
        var (site, connection) = await ConnectedAsync(account);
        account.Be(MailAnswer.Lost);
        await site.MailAsync($"ada@{domain}");
        await site.MessageAsync(row => row.State == MessageState.Unknown);
        Assert.Single(account.Mails);

        account.Be(MailAnswer.Well);
        await ArriveAsync(site, connection, 1);
        Assert.Equal(account.KnowsRepeats ? 1 : 2, account.Mails.Count);
        Assert.Single(account.Mails.Select(mail => mail.Headers.GetValueOrDefault("Message-ID")).Distinct());
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_twice_is_left_to_a_person()
    {
        await using var account = await NewAccountAsync();
        var (site, _) = await ConnectedAsync(account);
        account.Be(MailAnswer.Lost);
        await site.MailAsync($"ada@{domain}");

        var row = await BecomesAsync(
            site,
            rows => rows is [{ State: MessageState.Sent } or { State: MessageState.Unknown, DueAt: null }],
            () => gateway.AdvanceBetweenBatchesAsync(TimeSpan.FromMinutes(1))
        );

        // Where the provider can be asked, the second try finds it.
        Assert.Equal(account is { KnowsRepeats: true, KeepsMessageId: false } ? MessageState.Sent : MessageState.Unknown, row[0].State);
        Assert.InRange(account.Mails.Count, 1, 2);
    }

    [Fact]
    public async Task A_wrong_key_is_told_before_it_is_stored()
    {
        await using var account = await NewAccountAsync();
        var site = await gateway.NewSiteAsync();

        var refused = await site.ConnectionsAsync(
            HttpMethod.Post,
            body: ConnectionCalls.NewConnection(account.Provider, account.WrongSettings.ToJsonString(), "mail")
        );

        Assert.Equal((HttpStatusCode.BadRequest, "connection_failed"), (refused.Status, refused.Code));
        Assert.Contains("refuses", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.All(
            account.WrongSettings.Where(one => one.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String && one.Key != "host"),
            one => Assert.DoesNotContain((string)one.Value!, refused.Text, StringComparison.Ordinal)
        );
    }

    private async Task<(SiteUnderTest Site, string Connection)> ConnectedAsync(
        IMailAccount account,
        Action<Gateway.Features.Sites.Site>? change = null
    )
    {
        var site = await gateway.NewSiteAsync(change);
        return (site, await site.ConnectedAsync(account.Provider, account.Settings.ToJsonString(), "mail"));
    }

    /// <summary>An operator tries it now, and what waits by itself comes due.</summary>
    private Task<List<Message>> ArriveAsync(SiteUnderTest site, string connection, int count) =>
        BecomesAsync(
            site,
            rows => rows.Count(row => row.State == MessageState.Sent) == count,
            async () =>
            {
                await gateway.AdvanceBetweenBatchesAsync(TimeSpan.FromMinutes(1));
                await site.ConnectionsAsync(HttpMethod.Patch, $"/{connection}", new JsonObject { ["settings"] = new JsonObject() });
            }
        );

    private Task<List<Message>> BecomesAsync(SiteUnderTest site, Func<List<Message>, bool> enough, Func<Task> push) =>
        Eventually.BecomesAsync(
            async () =>
            {
                var rows = await gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
                );
                if (!enough(rows))
                {
                    await push();
                }

                return rows;
            },
            enough
        );

    /// <summary>A welcome mail in French to whoever signed up.</summary>
    private async Task<Message> WelcomeAsync(SiteUnderTest site)
    {
        var links = new MessageSecrets(Unsubscribe: Leave, Preferences: "pref").Protect(
            gateway.Services.GetRequiredService<SecretEncryption>()
        );
        var welcome = await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    await db
                        .Subscriptions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.State, SubscriptionState.Confirmed));
                    var contact = await db.Contacts.SingleAsync(one => one.SiteId == site.Id);
                    var mail = Message.To(contact, site.List, "welcome", "fr", "welcome", links, gateway.Clock.GetUtcNow());
                    await db.InsertNewAsync([mail], CancellationToken.None);
                    return mail;
                },
                CancellationToken.None
            )
        );
        gateway.Signal();
        return welcome;
    }

    private static async Task<string?> StateAsync(SiteUnderTest site, string connection) =>
        (string?)(await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}")).Json["state"];
}
