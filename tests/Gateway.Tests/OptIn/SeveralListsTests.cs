using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

/// <summary>One form that names several lists is one mail, one page and one press, and each list has its own entry in the ledger.</summary>
[Trait("Database", "both")]
public sealed class SeveralListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task One_mail_and_one_press_subscribe_to_all_and_each_has_its_ledger_entry_with_its_purpose()
    {
        var reader = await SignUpAsync("Offers", "Statistics");
        await PurposeAsync(reader, reader.Lists[1], "partners", "Offers of our partners, by email.");
        await PurposeAsync(reader, reader.Lists[2], PurposeTexts.Tracking, words: null);
        var mail = await gateway.MailToAsync(reader.One.Address);
        Assert.Contains("Newsletter, Offers, Statistics", mail.TextBody, StringComparison.Ordinal);

        var page = await reader.One.Site.OpenAsync(reader.One.Confirm);
        Assert.Equal(
            ["Newsletter", "Offers", "Statistics"],
            page.Document.QuerySelectorAll("label bdi").Select(label => label.TextContent)
        );
        Assert.Contains("Offers of our partners, by email.", page.Text, StringComparison.Ordinal);
        Assert.Contains("It is measured whether you open our emails", page.Text, StringComparison.Ordinal);
        var thanks = await reader.One.Site.PressAsync(page, "Yes, subscribe me");

        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Contains("Newsletter, Offers, Statistics", thanks.Text, StringComparison.Ordinal);
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Confirmed, SubscriptionState.Confirmed], await reader.StatesAsync());
        var entries = await reader.One.LedgerAsync();
        Assert.All(entries, entry => Assert.Equal(ConsentKind.Confirmed, entry.Kind));
        var facts = entries.ConvertAll(entry => JsonNode.Parse(entry.Entry)!["facts"]!);
        Assert.Equal(["newsletter", "partners", "tracking"], facts.ConvertAll(one => (string?)one["purpose"]));
        Assert.Equal("Offers of our partners, by email.", (string?)facts[1]["purposeText"]);
        Assert.Equal(mail.MessageId!.Split('@')[0], Assert.Single(facts.Select(one => (string?)one["mailMessageId"]).Distinct()));
        await reader.One.Site.VerifyLedgerAsync();
        Assert.Equal("Already confirmed", (await reader.One.Site.ConfirmAsync(reader.One.Confirm)).Heading);
    }

    [Fact]
    public async Task What_is_not_ticked_is_not_subscribed_to_and_does_not_wait_any_more()
    {
        var reader = await SignUpAsync("Offers", "Events");
        var page = await reader.One.Site.OpenAsync(reader.One.Confirm);

        var thanks = await reader.One.Site.PressAsync(page, "Yes, subscribe me", "Newsletter", "Events");

        Assert.Contains("Offers", thanks.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Newsletter", thanks.Text, StringComparison.Ordinal);
        Assert.Equal([SubscriptionState.Expired, SubscriptionState.Confirmed, SubscriptionState.Expired], await reader.StatesAsync());
        Assert.Equal(reader.Lists[1].Id, Assert.Single(await reader.One.LedgerAsync()).ListId);
        Assert.Equal("Already confirmed", (await reader.One.Site.OpenAsync(reader.One.Confirm)).Heading);
        Assert.All(await reader.RequestsAsync(), request => Assert.Null(request.Evidence));

        // Whoever signs up once more is asked once more.
        var links = await reader.AgainAsync(mails: 2);
        Assert.Equal("Confirm your subscription", (await reader.One.Site.OpenAsync("/c/" + links.Confirm)).Heading);
    }

    [Fact]
    public async Task Nothing_ticked_confirms_nothing_says_so_and_leaves_the_link_as_it_was()
    {
        var reader = await SignUpAsync("Offers");
        var page = await reader.One.Site.OpenAsync(reader.One.Confirm);

        var asked = await reader.One.Site.PressAsync(page, "Yes, subscribe me", "Newsletter", "Offers");

        Assert.Equal((HttpStatusCode.BadRequest, "Confirm your subscription"), (asked.Status, asked.Heading));
        Assert.StartsWith("Nothing is ticked.", asked.Alert, StringComparison.Ordinal);
        Assert.Equal([SubscriptionState.Pending, SubscriptionState.Pending], await reader.StatesAsync());
        Assert.Equal("Thank you, you’re in!", (await reader.One.Site.PressAsync(asked, "Yes, subscribe me")).Heading);
    }

    [Fact]
    public async Task Thirty_presses_at_once_make_one_entry_for_each_list()
    {
        var reader = await SignUpAsync("Offers", "Events");
        var page = await reader.One.Site.OpenAsync(reader.One.Confirm);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => reader.One.Site.PressAsync(page, "Yes, subscribe me")));

        Assert.Equal(
            reader.Lists.Select(list => list.Id).Order(),
            (await reader.One.LedgerAsync()).Select(entry => entry.ListId).Order()
        );
    }

    [Fact]
    public async Task The_code_of_the_mail_stands_for_all_of_them()
    {
        var reader = await SignUpAsync("Offers");

        var thanks = await reader.One.Site.SendFormAsync("/c", ("email", reader.One.Address), ("code", reader.One.Links.Code!));

        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Confirmed], await reader.StatesAsync());
    }

    [Fact]
    public async Task This_wasnt_me_refuses_all_of_them_and_is_taken_back_for_all()
    {
        var reader = await SignUpAsync("Offers");

        var cancelled = await reader.One.Site.CancelAsync(reader.One.Confirm);

        Assert.Contains("Newsletter, Offers", cancelled.Text, StringComparison.Ordinal);
        Assert.Equal([SubscriptionState.Cancelled, SubscriptionState.Cancelled], await reader.StatesAsync());
        Assert.Equal(2, (await reader.One.LedgerAsync()).Count(entry => entry.Kind == ConsentKind.Cancelled));

        await reader.One.Site.SendFormAsync(reader.One.Confirm + "/restore", ("do", "restore"));
        Assert.DoesNotContain(SubscriptionState.Cancelled, await reader.StatesAsync());
        Assert.NotNull((await reader.AgainAsync(mails: 2)).Confirm);
    }

    [Fact]
    public async Task A_link_that_came_too_late_brings_one_new_mail_for_what_nobody_answered()
    {
        var reader = await SignUpAsync("Offers", "Events");
        await reader.One.PassAsync(LinkTokens.ConfirmLifetime + TimeSpan.FromDays(1));
        await reader.One.Site.SendFormAsync(reader.One.Confirm + "/renew", ("do", "renew"));

        var links = await reader.One.Site.LinksForAsync(reader.One.Address, mails: 2);
        await reader.One.Site.ConfirmAsync("/c/" + links.Confirm);
        Assert.All(await reader.StatesAsync(), state => Assert.Equal(SubscriptionState.Confirmed, state));
        Assert.Equal(2, (await gateway.MailsToAsync(reader.One.Address, 2)).Count);
    }

    [Fact]
    public async Task What_was_confirmed_by_another_mail_is_not_asked_again()
    {
        var reader = await SignUpAsync("Offers");
        await reader.One.PassAsync(TimeSpan.FromDays(1));
        var links = await reader.AgainAsync(mails: 2, only: 0);
        await reader.One.Site.ConfirmAsync("/c/" + links.Confirm);

        var page = await reader.One.Site.OpenAsync(reader.One.Confirm);

        Assert.Contains("Offers", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Newsletter", page.Text, StringComparison.Ordinal);
        await reader.One.Site.PressAsync(page, "Yes, subscribe me");
        Assert.All(await reader.StatesAsync(), state => Assert.Equal(SubscriptionState.Confirmed, state));
    }

    [Fact]
    public async Task The_code_still_stands_for_the_rest_when_one_list_was_confirmed_by_another_mail()
    {
        var reader = await SignUpAsync("Offers");
        await reader.One.PassAsync(TimeSpan.FromDays(1));
        var links = await reader.AgainAsync(mails: 2, only: 0);
        await reader.One.Site.ConfirmAsync("/c/" + links.Confirm);

        var thanks = await reader.One.Site.SendFormAsync("/c", ("email", reader.One.Address), ("code", reader.One.Links.Code!));

        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.All(await reader.StatesAsync(), state => Assert.Equal(SubscriptionState.Confirmed, state));
    }

    [Fact]
    public async Task A_mail_that_is_held_back_waits_for_all_of_them_and_is_one_mail()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerHour", "1"));
        var site = await replica.AddSiteAsync(lists: 4);
        await (site with { Lists = [site.Lists[3]] }).SignUpAsync("ada@shop.example");
        await replica.WorkAsync();
        await site.SignUpAsync("ada@shop.example", lists: 3);
        await replica.WorkAsync();
        Assert.Equal(3, (await site.RequestsAsync()).Count(request => request.State == OptInState.Held));
        Assert.Equal(1, (int)(await site.StatusAsync()).Json["heldBack"]!["waiting"]![0]!["count"]!);

        await replica.PassAsync(TimeSpan.FromHours(2));

        Assert.Equal(2, await replica.CountMailsAsync());
        var requests = (await site.RequestsAsync()).TakeLast(3).ToList();
        Assert.All(requests, request => Assert.Equal(OptInState.Pending, request.State));
        var link = System
            .Text.RegularExpressions.Regex.Match((await replica.MailsAsync())[^1].TextBody!, @"/c/([\w-]{32})")
            .Groups[1]
            .Value;
        using var answer = await replica.Browser.PostAsync($"/c/{link}", new FormUrlEncodedContent([new("do", "confirm")]));
        Assert.All((await site.RequestsAsync()).TakeLast(3), request => Assert.Equal(OptInState.Confirmed, request.State));
    }

    [Fact]
    public async Task One_that_is_held_back_goes_its_own_way_when_the_one_it_waited_for_was_answered_otherwise()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerHour", "1"));
        var site = await replica.AddSiteAsync(lists: 2);
        await (site with { Lists = [site.Lists[0]] }).SignUpAsync("ada@shop.example");
        await replica.WorkAsync();
        await replica.PassAsync(TimeSpan.FromMinutes(12));
        await site.SignUpAsync("ada@shop.example", lists: 2);
        await replica.WorkAsync();
        Assert.Equal([OptInState.Pending, OptInState.Held, OptInState.Held], (await site.RequestsAsync()).ConvertAll(one => one.State));
        var first = System
            .Text.RegularExpressions.Regex.Match((await replica.MailsAsync())[0].TextBody!, @"/c/([\w-]{32})")
            .Groups[1]
            .Value;
        using var answer = await replica.Browser.PostAsync($"/c/{first}", new FormUrlEncodedContent([new("do", "confirm")]));

        await replica.PassAsync(TimeSpan.FromHours(2));
        await replica.PassAsync(TimeSpan.FromHours(2));

        Assert.Equal(2, await replica.CountMailsAsync());
        Assert.Equal(
            [OptInState.Confirmed, OptInState.Voided, OptInState.Pending],
            (await site.RequestsAsync()).ConvertAll(one => one.State)
        );
    }

    private async Task<Reader> SignUpAsync(params string[] names)
    {
        var site = await gateway.NewSiteAsync();
        List<ContactList> lists = [site.List];
        foreach (var name in names)
        {
            lists.Add(
                new()
                {
                    Id = Guid.CreateVersion7(),
                    SiteId = site.Id,
                    Name = name,
                    CreatedAt = gateway.Clock.GetUtcNow().UtcDateTime,
                }
            );
        }

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([.. lists.Skip(1)], CancellationToken.None), CancellationToken.None)
        );
        var reader = new Reader(new(site, $"{Guid.CreateVersion7():N}@several.example", new()), lists);
        var links = await reader.AgainAsync(mails: 1);
        return reader with { One = reader.One with { Links = links } };
    }

    private Task PurposeAsync(Reader reader, ContactList list, string purpose, string? words) =>
        gateway.InScopeAsync<PurposeStore, bool>(async purposes =>
        {
            if (words is not null)
            {
                await purposes.SetAsync(list.SiteId, purpose, new Dictionary<string, string> { ["en"] = words }, CancellationToken.None);
            }

            return await gateway.InDatabaseAsync(db =>
                    db.WriteAsync(
                        () =>
                            db
                                .Lists.Where(row => row.Id == list.Id && row.SiteId == reader.One.Site.Id)
                                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Purpose, purpose)),
                        CancellationToken.None
                    )
                ) > 0;
        });

    /// <param name="Lists">Those that the form names.</param>
    private sealed record Reader(Subscriber One, List<ContactList> Lists)
    {
        /// <summary>Sends the form, once more.</summary>
        /// <param name="mails">As many mails the person has then.</param>
        /// <param name="only">The one list that it names; null is all.</param>
        public async Task<MessageSecrets> AgainAsync(int mails, int? only = null)
        {
            await One.Site.SubmitAsync(
                email: One.Address,
                change: body =>
                {
                    var subscribe = body["subscribe"]!.AsArray();
                    var asked = subscribe[0]!;
                    subscribe.Clear();
                    foreach (var list in Lists.Where((_, at) => only is null || at == only))
                    {
                        var one = asked.DeepClone();
                        one["list"] = PublicId.Format(PublicId.List, list.Id);
                        subscribe.Add(one);
                    }
                }
            );
            return await One.Site.LinksForAsync(One.Address, mails);
        }

        public async Task<List<SubscriptionState>> StatesAsync()
        {
            var states = await One.Site.Gateway.InDatabaseAsync(db =>
                db.Subscriptions.Where(row => row.SiteId == One.Site.Id).ToDictionaryAsync(row => row.ListId, row => row.State)
            );
            return Lists.ConvertAll(list => states[list.Id]);
        }

        public Task<List<OptInRequest>> RequestsAsync() =>
            One.Site.Gateway.InDatabaseAsync(db => db.OptInRequests.AsNoTracking().Where(row => row.SiteId == One.Site.Id).ToListAsync());
    }
}
