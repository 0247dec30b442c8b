using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Guard;
using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary><c>sms check SITE</c>, <c>sms rules SITE</c>, <c>sms replies SITE</c>, <c>sms resolve ID STATE</c>.</summary>
internal static class SmsCommands
{
    private const string NoSite = "There is no such site. See: gateway site list";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("sms", "Who sends a site's SMS, and what became of them")
        {
            Check(services),
            Rules(services),
            Replies(services),
            Resolve(services),
        };

    private static Command Check(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("check", "Show what a site may send, through whom, and what is missing") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSite);
                }

                var sms = await scope.GetRequiredService<SmsSettingsCache>().OfAsync(found.Id, ct);
                var ready = sms
                    .Carriers.Select(carrier => new
                    {
                        provider = carrier.Provider.Name,
                        account = carrier.Account.Name,
                        senders = carrier.Account.Senders,
                    })
                    .ToList();
                var missing = await scope
                    .GetRequiredService<SmsAccounts>()
                    .FaultsAsync(found.Id, SmsRoute.Providers(sms.Policy.Route), ct);
                var guard = await scope.GetRequiredService<SmsGuardReport>().ReadAsync(found.Id, ct);
                var visitors = scope.GetRequiredService<IOptions<SmsGuardOptions>>().Value.Visitors;
                var warnings = SenderRules.For(ready.SelectMany(one => one.senders), sms.Policy.Countries);
                string[] lines =
                [
                    $"Route: {sms.Policy.Route ?? "none"}. Countries: {sms.Policy.Countries ?? "none"}.",
                    $"At most {sms.Policy.PartsPerDay} parts a day, {sms.Policy.PartsPerMonth} a month, {sms.Policy.PerRecipientHour} "
                        + "messages to one recipient in an hour.",
                    $"Price: {AtMost(sms.Policy.MaxPrice)} for one message, {AtMost(sms.Policy.MoneyPerDay)} a day. Today about "
                        + $"{Amount(guard.SpentToday)}: estimates, and what providers say.",
                    $"Messages that visitors asked for and nobody used: {visitors}. Thresholds passed within 14 days: "
                        + (
                            guard.OverThresholds.Count == 0
                                ? "none."
                                : string.Join(", ", guard.OverThresholds.Select(one => $"{one.Key} {one.Value} times")) + "."
                        ),
                    .. ready.Select(one => $"{one.provider} ({one.account}) sends as {string.Join(", ", one.senders)}"),
                    .. missing,
                    .. warnings.Select(one => $"Warning, {one.Sender} to {one.Country}: {one.Text} ({one.Source})"),
                ];
                return new(
                    new
                    {
                        sms.Policy,
                        ready,
                        missing,
                        guard = new
                        {
                            currency = SmsPrices.Currency,
                            guard.SpentToday,
                            visitors,
                            guard.OverThresholds,
                        },
                        warnings,
                    },
                    string.Join('\n', lines),
                    missing.Count == 0 && ready.Count > 0 ? 0 : 1
                );
            }
        );
    }

    private static Command Rules(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var route = new Option<string?>("--route")
        {
            Description = "Providers in order, also by country calling code: \"33=mailjet,twilio; *=twilio\"",
        };
        var countries = new Option<string?>("--countries") { Description = "FR,BE,CH; * is every country" };
        var day = new Option<int?>("--parts-per-day");
        var month = new Option<int?>("--parts-per-month");
        var hour = new Option<int?>("--per-recipient-hour") { Description = "Messages to one recipient within an hour" };
        var price = new Option<decimal?>("--max-price") { Description = "Euros that one message may cost" };
        var money = new Option<decimal?>("--money-per-day") { Description = "Euros that the site may spend in a day" };
        return new Command("rules", "Set what a site may send; what is not named goes back to the installation's setting")
        {
            site,
            route,
            countries,
            day,
            month,
            hour,
            price,
            money,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSite);
                }

                var rules = new SmsRules
                {
                    SiteId = found.Id,
                    Route = parsed.GetValue(route),
                    Countries = parsed.GetValue(countries),
                    PartsPerDay = parsed.GetValue(day),
                    PartsPerMonth = parsed.GetValue(month),
                    PerRecipientHour = parsed.GetValue(hour),
                    MaxPrice = parsed.GetValue(price),
                    MoneyPerDay = parsed.GetValue(money),
                };
                if (
                    (
                        SmsRoute.Error(rules.Route, scope.GetRequiredService<IHostEnvironment>())
                        ?? SmsCountries.Error(rules.Countries)
                        ?? SmsGuardOptions.AmountError("--max-price", rules.MaxPrice)
                        ?? SmsGuardOptions.AmountError("--money-per-day", rules.MoneyPerDay)
                    ) is
                    { } error
                )
                {
                    return CommandOutput.Failed(error);
                }

                if (rules.PartsPerDay < 0 || rules.PartsPerMonth < 0 || rules.PerRecipientHour < 0)
                {
                    return CommandOutput.Failed("A limit is not negative; 0 sends nothing.");
                }

                await StoreAsync(scope, rules, parsed.GetRequiredValue(site), ct);
                return new(rules, $"Set. See: gateway sms check {parsed.GetRequiredValue(site)}");
            }
        );
    }

    private static string AtMost(decimal? euros) => euros is { } amount ? "at most " + Amount(amount) : "no limit";

    private static string Amount(decimal euros) => $"{SmsPrices.Text(SmsPrices.Count(euros))} {SmsPrices.Currency}";

    private static Task StoreAsync(IServiceProvider scope, SmsRules rules, string site, CancellationToken ct)
    {
        var db = scope.GetRequiredService<GatewayDb>();
        return db.WriteAsync(
            async () =>
            {
                await db.SmsRules.Where(row => row.SiteId == rules.SiteId).ExecuteDeleteAsync(ct);
                db.SmsRules.Add(rules);
                await db.SaveChangesAsync(ct);
                await scope.GetRequiredService<AuditLog>().RecordAsync(rules.SiteId, "cli", "sms.rules_set", site, ct);
            },
            ct
        );
    }

    private static Command Replies(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var limit = new Option<int>("--limit") { Description = "How many at most, the newest first", DefaultValueFactory = _ => 50 };
        return new Command("replies", "Show the replies that may ask for no more messages, and wait for your decision")
        {
            site,
            limit,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed(NoSite);
                }

                var most = Math.Clamp(parsed.GetValue(limit), 1, 1000);
                var waiting = (await scope.GetRequiredService<SmsReplies>().WaitingAsync(found.Id, most, ct)).ConvertAll(row => new
                {
                    id = PublicId.Format(PublicId.Reply, row.Id),
                    from = row.From,
                    text = ReplyText.Of(row),
                    at = row.ReceivedAt,
                });
                return new(
                    waiting,
                    waiting.Count == 0
                        ? "No reply waits for a decision."
                        : string.Join('\n', waiting.Select(one => $"{one.id}  {one.at:yyyy-MM-dd HH:mm}  {one.from}: {one.text}"))
                            + $"\n\nNo more messages: gateway suppression add {parsed.GetRequiredValue(site)} NUMBER. Something else: "
                            + "gateway failed replay ID."
                );
            }
        );
    }

    private static Command Resolve(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("ID") { Description = "sms_…" };
        var state = new Argument<string>("STATE") { Description = "sent, delivered or failed" };
        return new Command(
            "resolve",
            "Say what became of an SMS whose outcome nobody knows, such as after a look at the provider's own pages"
        )
        {
            id,
            state,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var word = parsed.GetRequiredValue(state);
                if (
                    ResolveSms.Choices.Where(choice => CaseConverter.Lower(choice.ToString()) == word).Cast<SmsState?>().SingleOrDefault()
                    is not { } chosen
                )
                {
                    return CommandOutput.Failed("STATE is sent, delivered or failed.");
                }

                var resolved = PublicId.Parse(PublicId.Sms, parsed.GetRequiredValue(id)) is { } smsId
                    ? await scope
                        .GetRequiredService<AuditLog>()
                        .RecordAsync(
                            () => scope.GetRequiredService<ResolveSms>().ResolveAsync(smsId, chosen, ct),
                            site => site is null ? null : new(site, "cli", "sms.resolved", $"{parsed.GetValue(id)} {word}"),
                            ct
                        )
                    : null;
                if (resolved is null)
                {
                    return CommandOutput.Failed("No SMS of unknown outcome has this id. See: gateway failed list");
                }

                return new(new { id = parsed.GetValue(id), status = word }, $"It is {word} now.");
            }
        );
    }
}
