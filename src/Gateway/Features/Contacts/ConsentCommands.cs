using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Contacts;

/// <summary>
/// <c>consents verify [SITE] [--head SEQUENCE:HASH]</c>, <c>consents key</c>, <c>consents check FILE [--key FILE]</c>.
/// </summary>
internal static class ConsentCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("consents", "The consent ledger, and evidence from it") { Verify(services), Key(services), Check() };

    private static Command Verify(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string?>("SITE")
        {
            Description = "The site's id; all sites when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var head = new Option<string?>("--head")
        {
            Description = "A head of SITE that was written down before, SEQUENCE:HASH; the ledger must still contain it",
        };
        return new Command("verify", "Check that no entry was changed, removed, swapped or cut off, and print the heads")
        {
            site,
            head,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var given = parsed.GetValue(site);
                var one = PublicId.Parse(PublicId.Site, given);
                if (given is not null && one is null)
                {
                    return CommandOutput.Failed("SITE is the id of a site, site_…. See: gateway site list");
                }

                var written = LedgerEnd.Parse(parsed.GetValue(head));
                if (parsed.GetValue(head) is not null && (written is null || one is null))
                {
                    return CommandOutput.Failed("--head is SEQUENCE:HASH as verify printed it, and needs the SITE that it belongs to.");
                }

                var sites = await scope.GetRequiredService<SiteStore>().ListAsync(one is { } only ? [only] : null, ct);
                var verify = scope.GetRequiredService<VerifyLedger>();
                var reports = new List<(string Site, LedgerReport Report)>();
                foreach (var siteId in sites.Select(row => row.Id))
                {
                    reports.Add((PublicId.Format(PublicId.Site, siteId), await verify.VerifyAsync(siteId, written, ct)));
                }

                return Output(reports);
            }
        );
    }

    private static Command Key(Func<Task<IServiceProvider>> services) =>
        new Command("key", "Print the public key that evidence is checked with; give it to whoever may want to check one").Does(
            services,
            (scope, _, _) =>
            {
                var key = scope.GetRequiredService<EvidenceKey>();
                return Task.FromResult(
                    new CommandOutput(
                        new { fingerprint = key.Fingerprint, key = key.PublicPem },
                        $"{key.PublicPem}\nFingerprint (SHA-256): {key.Fingerprint}"
                    )
                );
            }
        );

    /// <summary>Needs neither database nor settings: whoever was given a file may run it anywhere.</summary>
    private static Command Check()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Evidence as JSON, as the page of a contact gives it out" };
        var key = new Option<FileInfo?>("--key")
        {
            Description =
                "What `gateway consents key` prints at the gateway; else the key in the file is taken, and its fingerprint printed",
        };
        var command = new Command("check", "Check that evidence was signed by a gateway and not changed since; works without the gateway")
        {
            file,
            key,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                string evidence;
                string? published;
                try
                {
                    evidence = await File.ReadAllTextAsync(parsed.GetRequiredValue(file).FullName, ct);
                    published = parsed.GetValue(key) is { } given ? await File.ReadAllTextAsync(given.FullName, ct) : null;
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
                {
                    return CommandOutput.Failed(unreadable.Message).Print(parsed);
                }

                var (fingerprint, fault) = await SignedEvidence.CheckAsync(evidence, published);
                if (fault is not null)
                {
                    return new CommandOutput(new { ok = false, fault }, fault, 2).Print(parsed);
                }

                var whose = published is null
                    ? "by the key that stands in it. Compare the fingerprint with the one that the gateway's operator published"
                    : "by this key";
                return new CommandOutput(
                    new { ok = true, fingerprint },
                    $"It is signed {whose}, and nothing was changed since.\nFingerprint (SHA-256): {fingerprint}"
                ).Print(parsed);
            }
        );
        return command;
    }

    private static CommandOutput Output(List<(string Site, LedgerReport Report)> reports)
    {
        var entries = reports.Sum(one => one.Report.Entries);
        var heads = reports.ConvertAll(one => new
        {
            site = one.Site,
            sequence = one.Report.End.Sequence,
            hash = one.Report.End.Hash,
        });
        var broken = reports.FindAll(one => one.Report.Error is not null);
        var lines = string.Join('\n', reports.Select(one => $"{one.Site}: head {one.Report.End}"));
        if (broken is [var first, ..])
        {
            return new(
                new
                {
                    entries,
                    ok = false,
                    firstBad = new
                    {
                        site = first.Site,
                        sequence = first.Report.At,
                        error = CaseConverter.Lower(first.Report.Error!.Value.ToString()),
                    },
                    heads,
                },
                string.Join('\n', broken.Select(one => $"The ledger of {one.Site} is broken. {Sentence(one.Report)}")) + "\n" + lines,
                2
            );
        }

        return new(
            new
            {
                entries,
                ok = true,
                heads,
            },
            $"{entries} entries, every one in its place. Write the heads down, apart from the database.\n{lines}"
        );
    }

    private static string Sentence(LedgerReport report) =>
        report.Error switch
        {
            LedgerError.EntryMissing => $"Entry {report.At} is missing, or another stands in its place.",
            LedgerError.EntryChanged => $"Entry {report.At} was changed, or what stood before it was: its hash does not follow.",
            LedgerError.ColumnChanged => $"Beside entry {report.At} stands another site, kind, contact, list or date than inside it.",
            LedgerError.PersonalChanged => $"A personal value of entry {report.At} is not the one that was recorded.",
            LedgerError.PersonalRemoved =>
                $"A personal value of entry {report.At} was removed, and no later entry says that the person was erased.",
            LedgerError.EndMissing =>
                $"Entries were cut off at the end: the last is {report.Entries}, the head says {report.End.Sequence}.",
            LedgerError.HeadMissing => $"Its head was deleted, maybe with the entries: {report.Entries} are there.",
            LedgerError.WrittenHeadMissing =>
                $"It does not contain the head that was written down: entries from {report.At} on are others, or were cut off.",
            _ => $"Its head was not written by a gateway with this master key: entries after {report.Entries} may have been cut off.",
        };
}
