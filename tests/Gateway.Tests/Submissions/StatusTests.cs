using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Submissions;

/// <summary>GET /v1/sites/{site}/status: what a site owner looks at.</summary>
[Trait("Database", "both")]
public sealed class StatusTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@status.example";

    [Fact]
    public async Task A_new_site_has_zeros_for_every_day_of_the_last_thirty()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.StatusAsync();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((site.PublicId, "Ann's Shop"), ((string?)answer.Json["site"]!["id"], (string?)answer.Json["site"]!["name"]));
        Assert.Equal("""{"accepted":0,"waiting":0,"failed":0}""", answer.Json["submissions"]!.ToJsonString());
        Assert.Equal(
            """{"pending":0,"confirmed":0,"cancelled":0,"expired":0,"held":0,"refused":0,"rate":null}""",
            answer.Json["confirmations"]!.ToJsonString()
        );
        var days = answer.Json["days"]!.AsArray();
        Assert.Equal(31, days.Count);
        Assert.All(days, day => Assert.Equal((0, 0, 0), ((int)day!["accepted"]!, (int)day["pending"]!, (int)day["confirmed"]!)));
        Assert.Equal(Day(gateway.Clock.GetUtcNow().AddDays(-30)), (string?)days[0]!["day"]);
        Assert.Equal((0, 0), (answer.Json["forms"]!.AsArray().Count, answer.Json["errors"]!.AsArray().Count));
    }

    [Fact]
    public async Task What_comes_in_and_who_confirms_is_counted_by_form_and_by_day()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: email);
        await site.SubmitAsync(email: "other-" + email, change: body => body["form"]!["id"] = "7");
        await site.SubmitAsync(email: "nobody-" + email, change: body => (body["form"], body["subscribe"]) = (null, null));
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);
        await site.LinksForAsync("other-" + email);

        var answer = await Eventually.BecomesAsync(() => site.StatusAsync(), seen => (int)seen.Json["submissions"]!["waiting"]! == 0);

        Assert.Equal(3, (int)answer.Json["submissions"]!["accepted"]!);
        Assert.Equal((1, 1, 0.5), answer.Json["confirmations"]!.Counts());
        Assert.Equal(
            ["4 1 (0, 1, 1)", "7 1 (1, 0, 0)", " 1 (0, 0, )"],
            answer.Json["forms"]!
                .AsArray()
                .OrderBy(form => (string?)form!["form"] ?? "x")
                .Select(form => $"{form!["form"]} {form["accepted"]} {form.Counts()}")
        );
        var today = answer.Json["days"]!.AsArray()[^1]!;
        Assert.Equal(
            (Day(gateway.Clock.GetUtcNow()), 3, 1, 1),
            ((string?)today["day"], (int)today["accepted"]!, (int)today["pending"]!, (int)today["confirmed"]!)
        );
    }

    [Fact]
    public async Task One_form_can_be_asked_for()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: email);
        await site.SubmitAsync(email: "other-" + email, change: body => body["form"]!["id"] = "O'Brien & Söhne?");
        await site.LinksForAsync(email);
        await site.LinksForAsync("other-" + email);

        var answer = await site.StatusAsync("form=" + Uri.EscapeDataString("O'Brien & Söhne?"));

        Assert.Equal(1, (int)answer.Json["submissions"]!["accepted"]!);
        Assert.Equal((1, 0, 0.0), answer.Json["confirmations"]!.Counts());
        Assert.Equal("O'Brien & Söhne?", (string?)Assert.Single(answer.Json["forms"]!.AsArray())!["form"]);
        Assert.Equal("O'Brien & Söhne?", (string?)answer.Json["form"]);
    }

    [Fact]
    public async Task Days_are_those_of_utc_and_the_time_asked_for_is_kept_to_the_second()
    {
        var site = await gateway.NewSiteAsync();
        await site.ReceivedAsync("2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2026-02-01T23:59:59Z", "2026-02-02T00:00:01Z");

        var answer = await site.StatusAsync("from=2026-02-01T01:00:00%2B01:00&to=2026-02-02T00:00:00Z");

        Assert.Equal(["2026-02-01 2", "2026-02-02 0"], answer.Json["days"]!.AsArray().Select(day => $"{day!["day"]} {day["accepted"]}"));
        Assert.Equal(2, (int)answer.Json["submissions"]!["accepted"]!);
    }

    [Fact]
    public async Task Another_sites_figures_are_not_among_them()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await other.SubmitAsync(email: email, change: body => body["subscribe"]![0]!["list"] = "lst_nobody");
        await Eventually.BecomesAsync(() => other.StatusAsync(), seen => seen.Json["errors"]!.AsArray().Count == 1);

        var answer = await site.StatusAsync();

        Assert.Equal((0, 0), ((int)answer.Json["submissions"]!["accepted"]!, answer.Json["errors"]!.AsArray().Count));
    }

    [Fact]
    public async Task Whoever_never_answered_still_counts_after_they_are_forgotten()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: email);
        await site.LinksForAsync(email);
        await site.DueAsync(OptInState.Expired);
        gateway.Signal();

        await Eventually.BecomesTrueAsync(async () =>
            await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)) == 0
        );
        var answer = await site.StatusAsync();

        Assert.Equal((1, 0.0), ((int)answer.Json["confirmations"]!["expired"]!, (double)answer.Json["forms"]![0]!["rate"]!));
        var left = await gateway.InDatabaseAsync(db => db.OptInRequests.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
        Assert.Equal((Guid.Empty, Guid.Empty, null, null), (left.ContactId, left.SubscriptionId, left.SubmissionId, left.Evidence));
    }

    [Fact]
    public async Task What_failed_is_said_in_sentences_alike_ones_together_and_without_addresses()
    {
        var site = await gateway.NewMailjetSiteAsync(gateway.Mailjet.NewList());
        await site.FailedAsync(await site.SubscribeAsync("refused-" + email));
        for (var time = 0; time < 2; time++)
        {
            await site.SubmitAsync(email: email, change: body => body["subscribe"]![0]!["list"] = "lst_nobody");
        }

        var refused = $"ada@{Guid.CreateVersion7():N}.example";
        gateway.Mail.Route(refused[4..], new Refusing());
        await site.SubmitAsync(email: refused);
        await site.MessageAsync(message => message.State == MessageState.Failed);

        var answer = await Eventually.BecomesAsync(
            () => site.StatusAsync(),
            seen => seen.Json["errors"]!.AsArray().Sum(error => (int)error!["count"]!) == 4
        );
        var errors = answer.Json["errors"]!.AsArray().ToDictionary(error => (string)error!["kind"]!);

        Assert.Equal(("unknown_list", 2), ((string?)errors["submission"]!["code"], (int)errors["submission"]!["count"]!));
        Assert.StartsWith("The list it names does not exist", (string?)errors["submission"]!["detail"]);
        Assert.Equal("A mail did not go out: 550 5.1.1 No such user.", (string?)errors["mail"]!["detail"]);
        Assert.Equal("list_sync_failed", (string?)errors["list"]!["code"]);
        Assert.DoesNotContain("@", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-01", "from")]
    [InlineData("to=2026-13-01T00:00:00Z", "to")]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:01Z", "from")]
    [InlineData("form=a%00b", "form")]
    public async Task A_bad_question_is_refused_with_the_name_of_the_field(string query, string field)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.StatusAsync(query);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Equal([field], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_whole_year_may_be_asked_for()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.StatusAsync("from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z");

        Assert.Equal(367, answer.Json["days"]!.AsArray().Count);
    }

    [Fact]
    public async Task Only_the_sites_own_signature_is_answered()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());

        var answer = await site.SignedAsync(HttpMethod.Get, "status", siteId: other.PublicId);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_signature"), (answer.Status, answer.Code));
    }

    private sealed class Refusing : IMailTransport
    {
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);

        public Task<MailOutcome> SendAsync(MimeKit.MimeMessage message, CancellationToken ct) =>
            Task.FromResult<MailOutcome>(new MailOutcome.Refused("550 5.1.1 No such user."));
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal static class StatusCalls
{
    public static Task<Answer> StatusAsync(this SiteUnderTest site, string query = "") =>
        site.SignedAsync(HttpMethod.Get, "status?" + query);

    public static (int Pending, int Confirmed, double? Rate) Counts(this JsonNode counts) =>
        ((int)counts["pending"]!, (int)counts["confirmed"]!, (double?)counts["rate"]);

    /// <summary>Submissions as they would stand there, had they come in then.</summary>
    public static Task ReceivedAsync(this SiteUnderTest site, params string[] times) =>
        site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db.InsertNewAsync(
                        [
                            .. times.Select(time => new Submission
                            {
                                Id = Guid.CreateVersion7(),
                                SiteId = site.Id,
                                Key = time,
                                ContentHash = [],
                                Body = "{}"u8.ToArray(),
                                State = SubmissionState.Done,
                                ReceivedAt = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime,
                            }),
                        ],
                        CancellationToken.None
                    ),
                CancellationToken.None
            )
        );

    /// <summary>Lets the site's requests be in a state whose time is over.</summary>
    public static Task DueAsync(this SiteUnderTest site, OptInState state) =>
        site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    var now = site.Gateway.Clock.GetUtcNow().UtcDateTime;
                    await db
                        .Subscriptions.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Expired));
                    return await db
                        .OptInRequests.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, state).SetProperty(row => row.DueAt, now));
                },
                CancellationToken.None
            )
        );
}
