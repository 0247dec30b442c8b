using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure.NameServers;

namespace Gateway.Tests.Mail.SenderDomains;

/// <summary>Stands where the name servers would be, with the records that a test gives it.</summary>
internal sealed class ScriptedDns : IDnsAnswers
{
    private readonly Dictionary<(string Name, DnsRecordType Type), List<DnsValue>> _records = [];
    private readonly Dictionary<string, DnsOutcome> _troubled = [];
    private readonly Lock _lock = new();

    public List<string> Asked { get; } = [];

    /// <summary>A domain that is set up as it should be: by a relay of its own that signs with the selector "one".</summary>
    public static ScriptedDns Good(string domain = "shop.test") =>
        new ScriptedDns().Script(
            $"""
            {domain} A 192.0.2.1
            {domain} MX 10 mail.{domain}
            mail.{domain} A 192.0.2.25
            {domain} TXT v=spf1 ip4:192.0.2.25 -all
            one._domainkey.{domain} TXT v=DKIM1; k=rsa; p={Keys.Rsa2048}
            _dmarc.{domain} TXT v=DMARC1; p=quarantine; rua=mailto:reports@{domain}
            25.2.0.192.in-addr.arpa PTR mail.{domain}
            """
        );

    /// <summary>
    /// Adds records, one a line: <c>name TYPE value</c>. <c>name TYPE -</c> takes all of them away; <c>name fails</c> and <c>name
    /// silent</c> are servers in trouble.
    /// </summary>
    public ScriptedDns Script(string lines)
    {
        lock (_lock)
        {
            lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList().ForEach(Read);
        }

        return this;
    }

    public IReadOnlyList<string> AskedSoFar()
    {
        lock (_lock)
        {
            return [.. Asked];
        }
    }

    public Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct)
    {
        lock (_lock)
        {
            return Task.FromResult(AnswerTo(name, type));
        }
    }

    private void Read(string line)
    {
        var parts = line.Split(' ', 3);
        var name = parts[0].ToLowerInvariant();
        if (parts is [_, "fails" or "silent"])
        {
            _troubled[name] = parts[1] == "fails" ? DnsOutcome.Failed : DnsOutcome.TimedOut;
            return;
        }

        var type = Enum.Parse<DnsRecordType>(parts[1], ignoreCase: true);
        if (parts[2] == "-")
        {
            _records.Remove((name, type));
            return;
        }

        if (!_records.TryGetValue((name, type), out var values))
        {
            _records[(name, type)] = values = [];
        }

        var mx = type == DnsRecordType.Mx ? parts[2].Split(' ') : [];
        values.Add(mx.Length == 2 ? new(mx[1].TrimEnd('.'), int.Parse(mx[0], null)) : new(parts[2]));
    }

    private DnsAnswer AnswerTo(string name, DnsRecordType type)
    {
        Asked.Add($"{name} {type}");
        return _troubled.TryGetValue(name, out var trouble) ? new(trouble, [], Detail: "the servers say nothing")
            : _records.TryGetValue((name, type), out var values) ? new(DnsOutcome.Found, [.. values])
            : _records.Keys.Any(known => known.Name == name || known.Name.EndsWith('.' + name, StringComparison.Ordinal))
                ? DnsAnswer.NoRecord
            : DnsAnswer.NoName;
    }
}

/// <summary>Keys that were made for tests alone; nobody has the private ones.</summary>
internal static class Keys
{
    public static readonly string Rsa2048 = Rsa(2048);
    public static readonly string Rsa1024 = Rsa(1024);
    public static readonly string Rsa512 = Rsa(512);
    public static readonly string Ed25519 = Convert.ToBase64String(Enumerable.Range(1, 32).Select(value => (byte)value).ToArray());

    private static string Rsa(int bits)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(bits);
        return Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
    }
}

/// <summary>Stands where the web server of an MTA-STS policy would be; without one nobody may ask.</summary>
internal sealed class OnePolicy(MtaStsFile? policy = null) : IMtaStsFiles
{
    public Task<MtaStsFile> FetchAsync(string domain, CancellationToken ct) =>
        Task.FromResult(policy ?? throw new InvalidOperationException($"Nobody asks for the policy of {domain}."));
}
