using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary><c>domain test DOMAIN</c> — a mail of the domain to the gateway itself, and then what is seen of the domain.</summary>
internal static class DomainTestCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static Command Test(Func<Task<IServiceProvider>> services)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain after the @ of the sender" };
        var wait = new Option<int>("--wait")
        {
            Description = "How many seconds to wait for the mail, up to 600",
            DefaultValueFactory = _ => 60,
        };
        return new Command("test", "Send a mail of a domain to this gateway itself, read who signed it, and check the domain with that")
        {
            domain,
            wait,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (DomainQuestion.DomainOf(parsed.GetRequiredValue(domain)) is not { } name)
                {
                    return CommandOutput.Failed(DomainCommands.NoDomain);
                }

                if (parsed.GetValue(wait) is not (>= 0 and <= 600 and var seconds))
                {
                    return CommandOutput.Failed("--wait is a number of seconds, from 0 to 600.");
                }

                if (await SiteOfAsync(scope, name, ct) is not { } site)
                {
                    return CommandOutput.Failed($"No site sends from {name}. Give one such a sender: gateway site set SITE --from");
                }

                var tests = scope.GetRequiredService<DomainTestMails>();
                return (await tests.SendAsync(site, name, ct)).IsRefused(out var why, out _)
                    ? CommandOutput.Failed(why.Message)
                    : await WaitAsync(scope, tests, name, TimeSpan.FromSeconds(seconds), ct);
            }
        );
    }

    private static async Task<CommandOutput> WaitAsync(
        IServiceProvider scope,
        DomainTestMails tests,
        string domain,
        TimeSpan wait,
        CancellationToken ct
    )
    {
        var clock = scope.GetRequiredService<TimeProvider>();
        for (var began = clock.GetTimestamp(); ; await Task.Delay(Pace, clock, ct))
        {
            if (await tests.FindAsync(domain, ct) is { HasArrived: true })
            {
                var question = await scope.GetRequiredService<SenderDomainQuestions>().OfAsync(domain, ct);
                return DomainCommands.Say(await scope.GetRequiredService<CheckDomain>().OfAsync(question, ct));
            }

            if (clock.GetElapsedTime(began) >= wait)
            {
                return CommandOutput.Failed(
                    $"The mail is on its way, and did not come in within {wait.TotalSeconds:0} s. Once it has, this shows what it said: "
                        + $"gateway domain check {domain}"
                );
            }
        }
    }

    /// <summary>The oldest site that sends from the domain.</summary>
    private static async Task<Site?> SiteOfAsync(IServiceProvider scope, string domain, CancellationToken ct)
    {
        var senders = scope.GetRequiredService<MailSenders>();
        foreach (var site in await scope.GetRequiredService<SiteStore>().ListAsync(only: null, ct))
        {
            if ((await senders.DomainsAsync(site, ct)).Contains(domain))
            {
                return site;
            }
        }

        return null;
    }
}
