using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Features.Mail.Dkim;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary><c>domain check DOMAIN</c>, <c>domain test DOMAIN</c>, <c>domain key DOMAIN</c>.</summary>
internal static class DomainCommands
{
    internal const string NoDomain = "DOMAIN is the domain after the @ of your sender, such as shop.example.";

    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("domain", "Domains that mails come from") { Check(services), DomainTestCommand.Test(services), Key(services) };

    private static Command Check(Func<Task<IServiceProvider>> services)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain after the @ of the sender" };
        var selector = new Option<string[]>("--selector") { Description = "A DKIM selector, as s= of a signature; may be given again" };
        var signing = new Option<string?>("--signing-domain")
        {
            Description = "The domain that signs, as d= of a signature, if it is another",
        };
        var returnPath = new Option<string?>("--return-path") { Description = "The domain that mails come back to" };
        var address = new Option<string?>("--address") { Description = "The IP address that your own mail server sends from" };
        var mail = new Option<string?>("--mail")
        {
            Description = "A mail that arrived, saved with its headers: read selector and return path",
        };
        return new Command("check", "What mailbox providers see of a domain: SPF, DKIM, DMARC and the rest; nothing is sent")
        {
            domain,
            selector,
            signing,
            returnPath,
            address,
            mail,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (DomainQuestion.DomainOf(parsed.GetRequiredValue(domain)) is not { } name)
                {
                    return CommandOutput.Failed(NoDomain);
                }

                var question = await scope.GetRequiredService<SenderDomainQuestions>().OfAsync(name, ct);
                if (parsed.GetValue(mail) is { } file)
                {
                    var read = await MailHeaders.ReadAsync(file, name, ct);
                    if (read.IsRefused(out var why, out var headers))
                    {
                        return CommandOutput.Failed(why.Message);
                    }

                    question = question.AsSeenIn(headers);
                }

                if (parsed.GetValue(selector) is { Length: > 0 } selectors)
                {
                    question = question with { Selectors = selectors };
                }

                foreach (var (option, given) in new[] { (signing, parsed.GetValue(signing)), (returnPath, parsed.GetValue(returnPath)) })
                {
                    if (given is not null && DomainQuestion.DomainOf(given) is null)
                    {
                        return CommandOutput.Failed($"{option.Name} is a domain, such as shop.example.");
                    }
                }

                question = question with
                {
                    SigningDomain = parsed.GetValue(signing) is { } signs ? DomainQuestion.DomainOf(signs) : question.SigningDomain,
                    ReturnPath = parsed.GetValue(returnPath) is { } back ? DomainQuestion.DomainOf(back) : question.ReturnPath,
                };
                if (parsed.GetValue(address) is { } ip)
                {
                    if (!IPAddress.TryParse(ip, out var known))
                    {
                        return CommandOutput.Failed("--address is the IP address that your mail server sends from, such as 203.0.113.7.");
                    }

                    question = question with { SendingAddress = known, IsAddressGiven = true };
                }

                return Say(await scope.GetRequiredService<CheckDomain>().OfAsync(question, ct));
            }
        );
    }

    internal static CommandOutput Say(DomainReport report) =>
        new(
            SenderDomainResponse.Of(report),
            Describe(report),
            report.State switch
            {
                DomainState.Wrong => 1,
                DomainState.Unknown => 2,
                _ => 0,
            }
        );

    private static Command Key(Func<Task<IServiceProvider>> services)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain after the @ of the sender" };
        var kind = new Option<string>("--kind")
        {
            Description = "rsa, ed25519, or both: two signatures, the second for who verifies the newer kind",
            DefaultValueFactory = _ => DkimKeyStore.Rsa,
        };
        var sign = new Option<bool>("--sign")
        {
            Description = "The records are published: sign with the keys made last, and no more with older ones",
        };
        var force = new Option<bool>("--force") { Description = "With --sign: also when the records cannot be seen from here" };
        var stop = new Option<bool>("--stop") { Description = "Sign the domain's mails no more" };
        var discard = new Option<bool>("--discard") { Description = "Take away keys that never signed" };
        return new Command("key", "A DKIM key, for mail servers that do not sign: make it, publish its record, sign with it")
        {
            domain,
            kind,
            sign,
            force,
            stop,
            discard,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (DomainQuestion.DomainOf(parsed.GetRequiredValue(domain)) is not { } name)
                {
                    return CommandOutput.Failed(NoDomain);
                }

                if (new[] { sign, stop, discard }.Count(parsed.GetValue) > 1)
                {
                    return CommandOutput.Failed("Give one of --sign, --stop and --discard.");
                }

                return parsed.GetValue(sign) ? await SignAsync(scope, name, parsed.GetValue(force), ct)
                    : parsed.GetValue(stop) ? await StopAsync(scope, name, ct)
                    : parsed.GetValue(discard) ? await DiscardAsync(scope, name, ct)
                    : await MakeAsync(scope, name, parsed.GetRequiredValue(kind), ct);
            }
        );
    }

    private static async Task<CommandOutput> MakeAsync(IServiceProvider scope, string domain, string kind, CancellationToken ct)
    {
        string[]? kinds = kind.ToLowerInvariant() switch
        {
            DkimKeyStore.Rsa => [DkimKeyStore.Rsa],
            DkimKeyStore.Ed25519 => [DkimKeyStore.Ed25519],
            "both" => [DkimKeyStore.Rsa, DkimKeyStore.Ed25519],
            _ => null,
        };
        if (kinds is null)
        {
            return CommandOutput.Failed("--kind is rsa, ed25519 or both.");
        }

        var made = await scope
            .GetRequiredService<AuditLog>()
            .RecordAsync(
                () => scope.GetRequiredService<DkimKeyStore>().PrepareAsync(domain, kinds, ct),
                done => done.IsRefused(out _, out _) ? null : new(null, "cli", "dkim_key.made", domain),
                ct
            );
        if (made.IsRefused(out var why, out var keys))
        {
            return CommandOutput.Failed(why.Message);
        }

        var records = keys.Select(key => RecordOf(domain, key.Record())).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Publish {(records.Count == 1 ? "this record" : "these records")}:\n\n");
        records.ForEach(record => text.Append(CultureInfo.InvariantCulture, $"  {record.Name}\n  {record.Type}\n  {record.Value}\n\n"));
        if (kinds is [DkimKeyStore.Ed25519])
        {
            text.Append("Gmail and Outlook.com do not verify Ed25519 alone; --kind both signs with RSA as well.\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"Then, to sign with {(records.Count == 1 ? "it" : "them")}: gateway domain key {domain} --sign"
        );
        return new(new { domain, records }, text.ToString());
    }

    private static async Task<CommandOutput> SignAsync(IServiceProvider scope, string domain, bool force, CancellationToken ct)
    {
        var prepared = (await scope.GetRequiredService<DkimKeyStore>().OfDomainAsync(domain, ct))
            .Where(key => key.State == DkimKeyState.Prepared)
            .Select(key => key.Record() with { IsSigning = true })
            .ToList();
        if (prepared.Count == 0)
        {
            return CommandOutput.Failed($"No key of {domain} waits to sign. Make one: gateway domain key {domain}");
        }

        if (!force)
        {
            var dns = scope.GetRequiredService<Infrastructure.NameServers.IDnsAnswers>();
            var findings = await new DkimCheck(dns, new DomainQuestion(domain) { OwnKeys = prepared }).FindingsAsync(ct);
            if (findings.FirstOrDefault(one => one.Severity != DomainSeverity.Good) is { } wrong)
            {
                return CommandOutput.Failed($"{wrong.Message}\nNothing was changed. If you know better: --sign --force");
            }
        }

        var retired = (await scope.GetRequiredService<DkimKeyStore>().OfDomainAsync(domain, ct)).FindAll(key =>
            key.State == DkimKeyState.Signing
        );
        var signing = await scope
            .GetRequiredService<AuditLog>()
            .RecordAsync(
                () => scope.GetRequiredService<DkimKeyStore>().SignAsync(domain, ct),
                count => count == 0 ? null : new(null, "cli", "dkim_key.signing", domain),
                ct
            );
        return new(
            new
            {
                domain,
                signing,
                selectors = prepared.Select(key => key.Selector),
            },
            $"Mails from {domain} are signed with {string.Join(" and ", prepared.Select(key => key.Selector))}, within half a minute."
                + Leave(domain, retired)
        );
    }

    private static async Task<CommandOutput> StopAsync(IServiceProvider scope, string domain, CancellationToken ct)
    {
        var retired = (await scope.GetRequiredService<DkimKeyStore>().OfDomainAsync(domain, ct)).FindAll(key =>
            key.State == DkimKeyState.Signing
        );
        var stopped = await scope
            .GetRequiredService<AuditLog>()
            .RecordAsync(
                () => scope.GetRequiredService<DkimKeyStore>().StopAsync(domain, ct),
                count => count == 0 ? null : new(null, "cli", "dkim_key.stopped", domain),
                ct
            );
        return stopped == 0
            ? CommandOutput.Failed($"This gateway signs no mails of {domain}.")
            : new(new { domain, stopped }, $"Mails from {domain} are signed no more, within half a minute.{Leave(domain, retired)}");
    }

    private static async Task<CommandOutput> DiscardAsync(IServiceProvider scope, string domain, CancellationToken ct)
    {
        var discarded = await scope
            .GetRequiredService<AuditLog>()
            .RecordAsync(
                () => scope.GetRequiredService<DkimKeyStore>().DiscardAsync(domain, ct),
                count => count == 0 ? null : new(null, "cli", "dkim_key.discarded", domain),
                ct
            );
        return discarded == 0
            ? CommandOutput.Failed($"No key of {domain} waits to sign.")
            : new(new { domain, discarded }, $"Keys of {domain} that never signed are gone: {discarded}.");
    }

    private static string Leave(string domain, List<DkimKey> retired) =>
        retired.Count == 0
            ? ""
            : $"\nLeave {string.Join(" and ", retired.Select(key => DkimRecord.NameOf(key.Selector, domain)))} published for a "
                + "week more: mails that "
                + "were signed before are still on their way.";

    private static PublishRecord RecordOf(string domain, OwnDkimRecord record) =>
        new(DkimRecord.NameOf(record.Selector, domain), "TXT", record.Value);

    private static string Describe(DomainReport report)
    {
        var text = new StringBuilder();
        text.Append(
            report.State switch
            {
                DomainState.Good => $"{report.Domain} is in order.\n",
                DomainState.Improvable => $"{report.Domain} works, and could be better.\n",
                DomainState.Unknown =>
                    $"Nothing is known to be wrong with {report.Domain}, but not all that counts could be looked at.\n",
                _ => $"Something is wrong with {report.Domain}.\n",
            }
        );
        foreach (var topic in DomainTopics.All)
        {
            foreach (var finding in report.Findings.Where(one => one.Topic == topic))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n{Mark(finding)} {topic.Replace('_', '-').ToUpperInvariant()}: {finding.Message}"
                );
                if (finding.Basis == FindingBasis.Declared)
                {
                    text.Append(" (Declared by settings or the provider, not measured.)");
                }

                if (finding.Publish is { } record)
                {
                    text.Append(CultureInfo.InvariantCulture, $"\n          {record.Name}  {record.Type}  {record.Value}");
                }
            }
        }

        return text.ToString();
    }

    private static string Mark(DomainFinding finding) =>
        finding.Basis == FindingBasis.CannotBeChecked ? "unknown "
        : finding.Severity == DomainSeverity.Good ? "good    "
        : finding.Severity == DomainSeverity.Note ? "note    "
        : finding.Severity == DomainSeverity.Warning ? "warning "
        : "WRONG   ";
}
