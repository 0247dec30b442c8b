using System.CommandLine;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>
/// <c>suppression show SITE WHOM</c>, <c>suppression lift SITE WHOM</c>, <c>suppression add SITE WHOM</c>: who must not be written to.
/// Addresses are kept as keyed hashes, so there is no list of them.
/// </summary>
internal static class SuppressionCommands
{
    private const string Nobody = "WHOM is one email address, or one number with + and the country code.";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("suppression", "Who must not be written to") { Show(services), Lift(services), Add(services) };

    private static Argument<string> SiteArgument() => new("SITE") { Description = "The site's id, site_…" };

    private static Argument<string> WhomArgument() =>
        new("WHOM") { Description = "An email address, or a number with + and the country code" };

    private static Option<string> ReasonOption() =>
        new("--reason") { Description = "Why, without personal data: it is kept in the audit", Required = true };

    private static Command Show(Func<Task<IServiceProvider>> services)
    {
        var (site, whom) = (SiteArgument(), WhomArgument());
        return new Command("show", "Say what keeps an address or a number from being written to") { site, whom }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await SiteOfAsync(scope, parsed.GetRequiredValue(site), ct) is not { } siteId)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (EmailAddress.Parse(parsed.GetRequiredValue(whom)) is { } address)
                {
                    var found = await scope.GetRequiredService<LiftRefusal>().FindAsync(siteId, address, ct);
                    return new(
                        new
                        {
                            refusals = found.Select(one => Name(one.Reason)).Distinct(),
                            lists = found
                                .Where(one => one.ListName is not null)
                                .Select(one => new { list = PublicId.Format(PublicId.List, one.ListId), refusal = Name(one.Reason) }),
                        },
                        found.Count == 0 ? "Nothing keeps this address from being written to." : string.Join('\n', found.Select(Sentence))
                    );
                }

                return NumberOf(parsed.GetRequiredValue(whom)) is not { } number ? CommandOutput.Failed(Nobody)
                    : await scope.GetRequiredService<Suppressions>().FindAsync(SuppressionChannel.Sms, siteId, number, ct)
                        is { } suppressed
                        ? new(
                            new { refusals = new[] { Name(suppressed.Reason.ToNoContact()) } },
                            "The owner of this number asked for no more messages."
                        )
                    : new(new { refusals = Array.Empty<string>() }, "Nothing keeps this number from being written to.");
            }
        );
    }

    private static Command Lift(Func<Task<IServiceProvider>> services)
    {
        var (site, whom, reason) = (SiteArgument(), WhomArgument(), ReasonOption());
        return new Command(
            "lift",
            "Let somebody be asked again who cancelled by mistake, whose mail came back, or who complained; an unsubscribe is lifted only "
                + "by the person's own confirmation"
        )
        {
            site,
            whom,
            reason,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await SiteOfAsync(scope, parsed.GetRequiredValue(site), ct) is not { } siteId)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var why = parsed.GetRequiredValue(reason);
                if (LiftRefusal.ErrorOf(why) is { } error)
                {
                    return CommandOutput.Failed(error);
                }

                if (EmailAddress.Parse(parsed.GetRequiredValue(whom)) is { } address)
                {
                    var lifted = await scope
                        .GetRequiredService<LiftRefusal>()
                        .LiftAsync(
                            siteId,
                            address,
                            [NoContactReason.Cancelled, NoContactReason.Bounced, NoContactReason.Complained],
                            why,
                            "cli",
                            ct
                        );
                    return lifted.Count == 0
                        ? CommandOutput.Failed("Nothing of that kind kept this address from being written to.")
                        : new(
                            new { lifted = lifted.Select(Name) },
                            "The person may be asked again. They are on no list by this; submissions that failed can be replayed."
                        );
                }

                return NumberOf(parsed.GetRequiredValue(whom)) is not { } number ? CommandOutput.Failed(Nobody)
                    : await LiftNumberAsync(scope, siteId, number, why, ct)
                        ? new(
                            new { lifted = new[] { Name(NoContactReason.Unsubscribed) } },
                            "The number may be written to again; its provider may still block it."
                        )
                    : CommandOutput.Failed("Nothing kept this number from being written to.");
            }
        );
    }

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var (site, whom, reason) = (SiteArgument(), WhomArgument(), ReasonOption());
        return new Command("add", "Write to somebody no more who asked for that, by a message or on the phone")
        {
            site,
            whom,
            reason,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await SiteOfAsync(scope, parsed.GetRequiredValue(site), ct) is not { } siteId)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var why = parsed.GetRequiredValue(reason);
                if (LiftRefusal.ErrorOf(why) is { } error)
                {
                    return CommandOutput.Failed(error);
                }

                var typed = parsed.GetRequiredValue(whom);
                if (EmailAddress.Parse(typed) is null && NumberOf(typed) is null)
                {
                    return CommandOutput.Failed(Nobody);
                }

                if (EmailAddress.Parse(typed) is { } address)
                {
                    await scope
                        .GetRequiredService<SuppressAddress>()
                        .AddAsync(siteId, address, SuppressionReason.Unsubscribed, why, "cli", ct);
                }
                else
                {
                    await scope
                        .GetRequiredService<AuditLog>()
                        .RecordAsync(
                            () => SuppressNumberAsync(scope, siteId, NumberOf(typed)!, ct),
                            _ =>
                                new(
                                    siteId,
                                    "cli",
                                    "suppression.added",
                                    scope.GetRequiredService<Suppressions>().NameOf(NumberOf(typed)!),
                                    why
                                ),
                            ct
                        );
                }

                return new(new { suppressed = true }, "Nothing goes there any more.");
            }
        );
    }

    private static async Task<bool> SuppressNumberAsync(IServiceProvider scope, Guid siteId, string number, CancellationToken ct)
    {
        var suppressions = scope.GetRequiredService<Suppressions>();
        await suppressions.AddAsync(siteId, SuppressionChannel.Sms, number, SuppressionReason.Unsubscribed, "operator", ct);
        await scope.GetRequiredService<SmsReplies>().SettleAsync(siteId, number, ct);
        return true;
    }

    private static Task<bool> LiftNumberAsync(IServiceProvider scope, Guid siteId, string number, string why, CancellationToken ct)
    {
        var suppressions = scope.GetRequiredService<Suppressions>();
        return scope
            .GetRequiredService<AuditLog>()
            .RecordAsync(
                async () =>
                    // Both may stand there, and both are lifted.
                    await suppressions.LiftAsync(siteId, SuppressionChannel.Sms, number, SuppressionReason.Unsubscribed, ct)
                    | await suppressions.LiftAsync(siteId, SuppressionChannel.Sms, number, SuppressionReason.Complained, ct),
                lifted =>
                    lifted ? new(siteId, "cli", "refusal.lifted", scope.GetRequiredService<Suppressions>().NameOf(number), why) : null,
                ct
            );
    }

    private static async Task<Guid?> SiteOfAsync(IServiceProvider scope, string id, CancellationToken ct) =>
        PublicId.Parse(PublicId.Site, id) is { } siteId && await scope.GetRequiredService<SiteStore>().ExistsAsync(siteId, ct)
            ? siteId
            : null;

    private static string? NumberOf(string typed) => PhoneNumber.Parse(typed, null, out _)?.Number;

    private static string Name(NoContactReason refusal) => CaseConverter.Lower(refusal.ToString());

    private static string Sentence(StandingRefusal refusal) =>
        refusal.Reason switch
        {
            NoContactReason.Bounced => "Mail to this address came back. Lift it with: gateway suppression lift",
            NoContactReason.Complained => "The owner of this address complained about mail. Lift it with: gateway suppression lift",
            NoContactReason.Cancelled =>
                $"The person answered \"this wasn't me\" for {ListOf(refusal)}. Lift it with: gateway suppression lift",
            _ when refusal.ListId != Guid.Empty =>
                $"The person unsubscribed from {ListOf(refusal)}. Only their own confirmation lifts that; they may be asked for one.",
            _ => "The person unsubscribed from everything. Only their own confirmation lifts that; they may be asked for one.",
        };

    private static string ListOf(StandingRefusal refusal) => refusal.ListName is { } name ? $"the list \"{name}\"" : "a list";
}
